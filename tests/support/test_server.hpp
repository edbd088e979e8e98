/// \file
/// Real PostgreSQL servers for tests.
///
/// `TestDatabase database;` is all that most tests need: a fresh database on a server that all tests of one ctest run
/// share. The first test that asks starts it; a supervisor process ends it when ctest goes away, however it does. A
/// test binary that is run by hand has a server of its own. `PrivateServer` is for tests that restart or kill the
/// server.
///
/// Which PostgreSQL: MIGRATE_TEST_PG_BIN, else MIGRATE_PG_BIN, else the newest one installed.
/// Failures are exceptions: a test without its server is a failed test.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <migrate/cluster/cluster.hpp>

#include "support/temporary_folder.hpp"

namespace migrate::test {

/// A column's value as the server writes it; none for NULL.
using Row = std::vector<std::optional<std::string>>;

/// A plain connection, independent of the code under test.
class Connection {
 public:
  explicit Connection(const std::string& conninfo);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// One or more statements, as one simple query. Throws std::runtime_error with the server's message.
  void execute(const std::string& sql);
  std::vector<Row> rows(const std::string& sql);
  /// Of the first row and column. Throws if there is none, or if it is NULL.
  std::string value(const std::string& sql);
  [[nodiscard]] int pid() const;
  /// Starts a query and does not wait: to hold locks, or to be cancelled.
  void send(const std::string& sql);
  /// Waits for what was sent. Throws as execute.
  void receive();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The binaries that the tests run on.
const cluster::ServerBinaries& server_binaries();

/// Where servers' data go: in memory where there is plenty, because a thousand files are made for each. TMPDIR wins.
std::filesystem::path server_folder();

/// The server that the tests of this run share. Nothing that concerns the whole server (roles, settings) may be left
/// changed on it.
class TestServer {
 public:
  static TestServer& instance();

  [[nodiscard]] int major() const { return server_binaries().major; }
  [[nodiscard]] std::string conninfo(std::string_view database = "postgres") const;
  /// The same as postgresql://...
  [[nodiscard]] std::string url(std::string_view database = "postgres") const;
  [[nodiscard]] const std::filesystem::path& socket_directory() const { return socket_directory_; }
  [[nodiscard]] const std::filesystem::path& data_directory() const { return data_directory_; }
  [[nodiscard]] int pid() const { return pid_; }

 private:
  TestServer();

  std::optional<cluster::Cluster> cluster_;
  std::filesystem::path socket_directory_;
  std::filesystem::path data_directory_;
  int pid_ = 0;
};

/// A fresh, empty database on the shared server, dropped at the end of its life whoever is connected.
class TestDatabase {
 public:
  /// `options` come after CREATE DATABASE <name>, for example "LC_COLLATE 'C' TEMPLATE template0".
  explicit TestDatabase(std::string_view options = {});
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string conninfo() const { return TestServer::instance().conninfo(name_); }
  [[nodiscard]] std::string url() const { return TestServer::instance().url(name_); }
  [[nodiscard]] Connection connect() const { return Connection(conninfo()); }

  /// On a connection that the database keeps for itself.
  void execute(const std::string& sql) { own().execute(sql); }
  std::vector<Row> rows(const std::string& sql) { return own().rows(sql); }
  std::string value(const std::string& sql) { return own().value(sql); }

 private:
  Connection& own();

  std::string name_;
  std::optional<Connection> own_;
};

/// A server of the test's own, to be stopped, killed and started at will; gone at the end of its life.
class PrivateServer {
 public:
  explicit PrivateServer(std::vector<std::pair<std::string, std::string>> settings = {}, bool durable = false);
  ~PrivateServer();
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  void start();
  /// As `pg_ctl stop -m fast` and `-m immediate`.
  void stop(bool immediate = false);
  /// SIGKILL to the postmaster.
  void kill();

  [[nodiscard]] std::string conninfo(std::string_view database = "postgres") const;
  [[nodiscard]] std::string url(std::string_view database = "postgres") const;
  [[nodiscard]] int pid() const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_{server_folder()};
  std::optional<cluster::Cluster> cluster_;
};

/// The cluster in `project`/.migrate is stopped and `project` removed when this process ends, also by a crash.
/// For tests that make clusters by hand; the servers above guard themselves.
void guard_cluster(const std::filesystem::path& project);

/// What a failure tells, on one line per diagnostic and note: for the message of a test.
std::string text_of(const Failure& failure);

}  // namespace migrate::test
