#include "integration/db_support.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>

using namespace migrate;
using namespace migrate::test;

namespace {

enum class Mischief {
  none,
  drop_answer,    // COMMIT reaches the server, its answer never comes back
  drop_question,  // COMMIT never reaches the server
  strand_server,  // the same, and the server keeps waiting for it
  hide_server,    // COMMIT reaches the server, and afterwards nobody gets in
};

// Stands between client and server on a socket of its own, counts questions, and loses one COMMIT where asked to.
class Proxy {
 public:
  explicit Proxy(std::filesystem::path server_socket) : server_(std::move(server_socket)) {
    listener_ = listen_at(folder_ / ".s.PGSQL.5432");
    thread_ = std::thread([this] { serve(); });
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  ~Proxy() {
    ending_ = true;
    thread_.join();
    for (auto& link : links_) close_both(link);
    for (const int fd : stranded_) close(fd);
    close(listener_);
  }

  [[nodiscard]] std::string conninfo(const std::string& database) const {
    return fmt::format("host={} user=postgres dbname={}", folder_.path().string(), database);
  }
  std::atomic<Mischief> mischief{Mischief::none};
  std::atomic<int> questions{0};  // simple queries of the client

 private:
  struct Link {
    int client = -1, server = -1;
  };

  static sockaddr_un address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
  }
  static int listen_at(const std::filesystem::path& path) {
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    const auto address = address_of(path);
    REQUIRE(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(fd, 8) == 0);
    return fd;
  }
  int connect_server() const {
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    const auto address = address_of(server_);
    REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
  }
  static void close_both(Link& link) {
    if (link.client >= 0) close(link.client);
    if (link.server >= 0) close(link.server);
    link = {};
  }
  static void write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  static std::string read_some(int fd) {
    std::string bytes(65536, '\0');
    const auto got = recv(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  void serve() {
    while (!ending_) {
      std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
      for (const auto& link : links_) {
        waiting.push_back({link.client, POLLIN, 0});
        waiting.push_back({link.server, POLLIN, 0});
      }
      if (poll(waiting.data(), waiting.size(), 20) <= 0) continue;
      const std::size_t links = links_.size();
      for (std::size_t i = 0; i < links; ++i) {
        if (waiting[1 + 2 * i].revents != 0) from_client(links_[i]);
        if (links_[i].server >= 0 && waiting[2 + 2 * i].revents != 0) from_server(links_[i]);
      }
      if (waiting[0].revents != 0) accept_one();
    }
  }

  void accept_one() {
    const int client = accept(listener_, nullptr, nullptr);
    if (hidden_) {
      // An error at the door, as a server writes it: no use in trying again.
      read_some(client);
      static constexpr char refusal[] = "E\0\0\0\x21SFATAL\0C28000\0Mgone for good\0";
      write_all(client, std::string_view(refusal, sizeof refusal));
      close(client);
      return;
    }
    links_.push_back({client, connect_server()});
  }

  void from_client(Link& link) {
    const std::string bytes = read_some(link.client);
    if (bytes.empty()) return close_both(link);
    if (bytes.front() == 'Q') ++questions;
    const bool commit = bytes.find("COMMIT") != std::string::npos;
    if (!commit || mischief == Mischief::none) return write_all(link.server, bytes);
    switch (mischief.exchange(Mischief::none)) {
      case Mischief::hide_server: hidden_ = true; [[fallthrough]];
      case Mischief::drop_answer:
        write_all(link.server, bytes);
        read_some(link.server);
        return close_both(link);
      case Mischief::strand_server:
        stranded_.push_back(link.server);
        link.server = -1;
        return close_both(link);
      default: return close_both(link);
    }
  }

  void from_server(Link& link) {
    const std::string bytes = read_some(link.server);
    if (bytes.empty()) return close_both(link);
    write_all(link.client, bytes);
  }

  TemporaryFolder folder_;
  std::filesystem::path server_;
  int listener_ = -1;
  std::vector<Link> links_;
  std::vector<int> stranded_;
  std::atomic<bool> ending_{false};
  bool hidden_ = false;
  std::thread thread_;
};

struct Ground {
  Ground()
      : proxy(TestServer::instance().socket_directory() / ".s.PGSQL.5432"),
        session(connect(proxy.conninfo(database.name()))) {
    must(journal.ensure(session));
    REQUIRE(run(session, journal, make_run("a0", "CREATE TABLE counted (n int)")));
  }
  std::string value(const std::string& sql) { return database.value(sql); }

  TestDatabase database;
  Proxy proxy;
  db::Session session;
  db::Journal journal = journal_of();
};

}  // namespace

TEST_CASE("a revision of n statements takes n + 1 questions to the server") {
  Ground ground;
  auto revision = make_run("a1", "CREATE TABLE a ();\nCREATE TABLE b ();\nCREATE TABLE c ();\n");
  revision.lock_timeout = std::chrono::seconds(2);
  ground.proxy.questions = 0;
  CHECK(run(ground.session, ground.journal, revision));
  CHECK(ground.proxy.questions == 4);
}

TEST_CASE("a COMMIT whose answer is lost, but that took place, counts as done") {
  Ground ground;
  ground.proxy.mischief = Mischief::drop_answer;
  SECTION("going up") {
    CHECK(run(ground.session, ground.journal, make_run("a1", "INSERT INTO counted VALUES (1)")));
    CHECK(journal_rows(ground.database) == Lines{"a0 applied 1/1", "a1 applied 1/1"});
    CHECK(ground.value("SELECT count(*) FROM counted") == "1");
  }
  SECTION("going down") {
    CHECK(run(ground.session, ground.journal, make_run("a0", "DROP TABLE counted", db::Direction::down)));
    CHECK(journal_rows(ground.database).empty());
  }
  SECTION("of the caller's transaction") {
    const auto revision = make_run("a1", "INSERT INTO counted VALUES (1)");
    must(ground.session.execute("BEGIN"));
    Recorder recorder;
    REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder, db::TransactionScope::outer));
    CHECK(db::commit_revisions(ground.session, ground.journal, revision));
    CHECK(ground.value("SELECT count(*) FROM counted") == "1");
  }
  CHECK_FALSE(ground.session.is_alive());
}

TEST_CASE("a COMMIT that never reached the server counts as rolled back") {
  Ground ground;
  SECTION("and the server knows that the link is gone") { ground.proxy.mischief = Mischief::drop_question; }
  SECTION("and the server still waits for it") { ground.proxy.mischief = Mischief::strand_server; }
  const auto revision = make_run("a1", "INSERT INTO counted VALUES (1)");
  const auto failed = run(ground.session, ground.journal, revision);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().aftermath == db::Aftermath::rolled_back);
  CHECK(failed.error().stage == db::RunStage::commit);
  CHECK(ground.value("SELECT count(*) FROM counted") == "0");
  CHECK(journal_rows(ground.database) == Lines{"a0 applied 1/1"});
  // Nobody is left to commit it later.
  CHECK(ground.value(fmt::format("SELECT count(*) FROM pg_stat_activity WHERE pid = {}",
                                 ground.session.info().backend_pid)) == "0");
  const std::string text = told(failed.error(), revision, ground.session);
  CHECK(text.find("error[connection-lost]: the connection to the server was lost\n  --> migrations/a1.sql\n") == 0);
  CHECK(text.find(fmt::format("   = state: the answer to COMMIT was lost; {} is asked again and does not have a1\n",
                              ground.database.name())) != std::string::npos);
  CHECK(text.find("exit 4\n") != std::string::npos);
}

TEST_CASE("where the server cannot be asked again, the state is said to be unknown") {
  Ground ground;
  ground.proxy.mischief = Mischief::hide_server;
  const auto revision = make_run("a1", "INSERT INTO counted VALUES (1)");
  const auto failed = run(ground.session, ground.journal, revision);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().aftermath == db::Aftermath::unknown);
  const std::string text = told(failed.error(), revision, ground.session);
  CHECK(text.find("   = state: the answer to COMMIT was lost and the server cannot be asked: a1 is there as a whole or "
                  "not at all\nhelp: `migrate status` tells which, once the server is back\nexit 5\n") !=
        std::string::npos);
}
