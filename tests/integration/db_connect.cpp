#include "integration/db_support.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

Failure refusal(const std::string& conninfo, std::chrono::milliseconds wait = {}) {
  db::ConnectOptions options;
  options.conninfo = conninfo;
  options.wait = wait;
  auto session = db::Session::connect(options);
  REQUIRE_FALSE(session);
  return std::move(session).error();
}

// A port of this machine that nobody answers on: bound, and listened on or not.
class SilentPort {
 public:
  explicit SilentPort(bool listening) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
    if (listening) REQUIRE(listen(socket_, 8) == 0);
  }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  ~SilentPort() { close(socket_); }
  [[nodiscard]] std::string number() const { return std::to_string(number_); }

 private:
  int socket_;
  int number_ = 0;
};

class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { unsetenv(name_); }

 private:
  const char* name_;
};

constexpr std::string_view password = "s3cr@t/hunter%2";

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return encoded;
}

// Whatever of the password could be recognised.
void check_hides_password(const std::string& text) {
  INFO(text);
  CHECK(text.find(password) == std::string::npos);
  CHECK(text.find("hunter") == std::string::npos);
  CHECK(text.find("s3cr") == std::string::npos);
  CHECK(text.find(percent_encoded(password)) == std::string::npos);
}

// A server on which user `app` needs a password.
class PasswordServer {
 public:
  PasswordServer() {
    Connection admin(server.conninfo());
    admin.execute(
        fmt::format("SET password_encryption = 'scram-sha-256'; CREATE ROLE app LOGIN PASSWORD '{}'", password));
    std::ofstream(admin.value("SHOW hba_file")) << "local all app scram-sha-256\nlocal all blocked reject\n"
                                                   "local all all trust\n";
    admin.execute("SELECT pg_reload_conf()");
  }
  [[nodiscard]] std::string words(const std::string& user = "app") const {
    // The last word wins.
    return server.conninfo() + " user=" + user;
  }
  PrivateServer server;
};

}  // namespace

TEST_CASE("where no server listens, the error says so and what to do") {
  const SilentPort closed(false);
  const Failure failure = refusal("host=127.0.0.1 dbname=app_dev user=app port=" + closed.number());
  CHECK(failure.exit_code == ExitCode::unreachable);
  CHECK(rendered(failure) ==
        fmt::format(
            "error[cannot-connect]: cannot connect to app_dev at 127.0.0.1:{0} as app: no server listens there\n"
            "   = libpq: connection to server at \"127.0.0.1\", port {0} failed: Connection refused; Is the server "
            "running on that host and accepting TCP/IP connections?\n"
            "   = state: nothing was changed\n"
            "help: start the server, or check host and port: `migrate config` shows where they come from\n"
            "help: `--wait 30s` keeps trying while a server starts\n"
            "help: for local work, `migrate dev start` runs a PostgreSQL of its own\n",
            closed.number()));
}

TEST_CASE("a missing socket and an unknown host are told apart") {
  const TemporaryFolder folder;
  const Failure socket = refusal("dbname=app_dev user=app host=" + folder.path().string());
  CHECK(socket.diagnostics.front().id == "cannot-connect");
  CHECK(socket.diagnostics.front().message ==
        fmt::format("cannot connect to app_dev at {}:5432 as app: no server listens there", folder.path().string()));

  const Failure host = refusal("host=no-such-host.invalid dbname=app_dev user=app");
  CHECK(host.diagnostics.front().message ==
        "cannot connect to app_dev at no-such-host.invalid:5432 as app: the host is not known");
}

TEST_CASE("a server that takes the connection and says nothing is given up after connect_timeout") {
  const SilentPort silent(true);
  const auto begun = Clock::now();
  const Failure failure = refusal("host=127.0.0.1 dbname=app_dev user=app connect_timeout=1 port=" + silent.number());
  CHECK(Clock::now() - begun < 5s);
  CHECK(failure.diagnostics.front().message ==
        fmt::format("cannot connect to app_dev at 127.0.0.1:{} as app: there is no answer", silent.number()));
}

TEST_CASE("connecting can be interrupted") {
  const SilentPort silent(true);
  Interrupt interrupt;
  db::ConnectOptions options;
  options.interrupt = &interrupt;
  const auto begun = Clock::now();
  SECTION("while a server is silent") {
    options.conninfo = "host=127.0.0.1 dbname=app_dev user=app port=" + silent.number();
  }
  SECTION("while waiting for one to start") {
    const SilentPort closed(false);
    options.conninfo = "host=127.0.0.1 dbname=app_dev user=app port=" + closed.number();
    options.wait = 60s;
  }
  const InterruptLater later(interrupt, 100ms);
  const auto stopped = db::Session::connect(options);
  REQUIRE_FALSE(stopped);
  CHECK(Clock::now() - begun < 5s);
  CHECK(stopped.error().diagnostics.front().id == "interrupted");
  CHECK(stopped.error().exit_code == ExitCode::interrupted);
}

TEST_CASE("a silent host does not keep from the next one of the list") {
  TestDatabase database;
  const SilentPort silent(true);
  const auto session =
      connect(fmt::format("host=127.0.0.1,{} port={},5432 connect_timeout=1 user=postgres dbname={}",
                          TestServer::instance().socket_directory().string(), silent.number(), database.name()));
  CHECK(session.info().host == TestServer::instance().socket_directory());
}

TEST_CASE("wait goes on until the server is there") {
  PrivateServer server;
  server.stop();
  const std::string conninfo = server.conninfo();

  const auto begun = Clock::now();
  const Failure failure = refusal(conninfo, 300ms);
  CHECK(Clock::now() - begun >= 300ms);
  CHECK(rendered(failure).find("= note: tried again for ") != std::string::npos);
  CHECK(rendered(failure).find("--wait") == std::string::npos);

  std::jthread starter([&] {
    std::this_thread::sleep_for(500ms);
    server.start();
  });
  db::ConnectOptions options;
  options.conninfo = conninfo;
  options.wait = 60s;
  const auto session = db::Session::connect(options);
  starter.join();
  if (!session) FAIL(rendered(session.error()));
}

TEST_CASE("a missing database is told at once, however long the wait") {
  const auto begun = Clock::now();
  const Failure failure = refusal(TestServer::instance().conninfo("not_there"), 60s);
  CHECK(Clock::now() - begun < 5s);
  CHECK(failure.exit_code == ExitCode::unreachable);
  const std::string host = TestServer::instance().socket_directory().string();
  CHECK(
      rendered(failure) ==
      fmt::format("error[no-such-database]: database `not_there` does not exist at {0}:5432\n"
                  "   = postgres: SQLSTATE 3D000; connection to server on socket \"{0}/.s.PGSQL.5432\" failed: FATAL: "
                  "database \"not_there\" does not exist\n"
                  "   = state: nothing was changed\n"
                  "help: check the name\n"
                  "help: create it: createdb -h {0} -p 5432 -U postgres not_there\n",
                  host));
}

TEST_CASE("passwords: a wrong one, none, and a user who may not come in") {
  const PasswordServer secured;
  const auto begun = Clock::now();
  const Failure wrong = refusal(secured.words() + " password='wrong hunter'", 60s);
  CHECK(Clock::now() - begun < 5s);
  CHECK(wrong.exit_code == ExitCode::unreachable);
  CHECK(wrong.diagnostics.front().id == "authentication-failed");
  CHECK(wrong.diagnostics.front().sqlstate == "28P01");
  CHECK(wrong.diagnostics.front().helps.front().message ==
        "check the password in DATABASE_URL, PGPASSWORD or ~/.pgpass (mode 0600)");
  check_hides_password(rendered(wrong));

  const Environment no_file("PGPASSFILE", "/nonexistent");
  const Failure missing = refusal(secured.words());
  CHECK(missing.diagnostics.front().id == "authentication-failed");
  CHECK(missing.diagnostics.front().message.ends_with(" as app asks for a password and there is none"));

  const Failure blocked = refusal(secured.words("blocked"));
  CHECK(blocked.diagnostics.front().id == "authentication-failed");
  CHECK(blocked.diagnostics.front().sqlstate == "28000");
  CHECK(blocked.diagnostics.front().helps.front().message ==
        "check that role `blocked` exists and that the server's pg_hba.conf lets it in from here");
}

TEST_CASE("libpq's own sources of a password and of a target work") {
  const PasswordServer secured;
  TemporaryFolder folder;
  SECTION("the connection string") {
    CHECK(connect(fmt::format("{} password='{}'", secured.words(), password)).info().user == "app");
  }
  SECTION("PGPASSWORD") {
    const Environment variable("PGPASSWORD", std::string(password));
    CHECK(connect(secured.words()).info().user == "app");
  }
  SECTION("a password file") {
    const auto file = folder.write("pgpass", fmt::format("*:*:*:app:{}\n", password));
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const Environment variable("PGPASSFILE", file.string());
    CHECK(connect(secured.words()).info().user == "app");
  }
  SECTION("a service file, and nothing else") {
    const std::string socket_folder = connect(secured.server.conninfo()).info().host;
    const auto file = folder.write(
        "services", fmt::format("[shop]\nhost={}\ndbname=postgres\nuser=app\npassword={}\n", socket_folder, password));
    const Environment files("PGSERVICEFILE", file.string());
    const Environment name("PGSERVICE", "shop");
    CHECK(connect("").info().user == "app");
  }
}

TEST_CASE("a connection string that cannot be read never shows what may be half a password") {
  const std::string secret(password);
  for (const std::string& broken : std::vector<std::string>{
           "host=localhost password=" + secret + " " + secret,
           "host=localhost password='" + secret,
           "postgres://app:" + secret + "@[::1/app",
           "postgres://app:" + secret + "%zz@localhost/app",
           "postgres://app@localhost:5432/app?password",
           "postgres://app@localhost/app?password=" + secret + "=x",
           "postgres://app@localhost/app?pasword=" + secret,
           "host=localhost pasword=" + secret,
           "postgres://app@localhost/app?password=%00hunter",
       }) {
    INFO(broken);
    const Failure failure = refusal(broken);
    CHECK(failure.diagnostics.front().id == "invalid-connection-string");
    CHECK(failure.exit_code == ExitCode::usage);
    check_hides_password(rendered(failure));
  }
  CHECK(refusal("hots=localhost").diagnostics.front().notes.front().text == "invalid connection option \"hots\"");
}

TEST_CASE("a connection string in the place of a database's name is not shown") {
  const std::string url = fmt::format("postgres://app:{}@localhost/app", percent_encoded(password));
  const Failure failure = refusal(fmt::format("{} dbname='{}'", TestServer::instance().conninfo(), url));
  CHECK(failure.diagnostics.front().id == "no-such-database");
  check_hides_password(rendered(failure));
}

TEST_CASE("libpq's words go through the caller's mask") {
  db::ConnectOptions options;
  options.conninfo = TestServer::instance().conninfo("hunter2");
  options.mask = [](std::string_view text) {
    std::string masked(text);
    for (std::size_t at = 0; (at = masked.find("hunter2")) != std::string::npos;) masked.replace(at, 7, "***");
    return masked;
  };
  const auto session = db::Session::connect(options);
  REQUIRE_FALSE(session);
  const auto& notes = session.error().diagnostics.front().notes;
  CHECK(notes.front().text.find("hunter2") == std::string::npos);
  CHECK(notes.front().text.find("database \"***\" does not exist") != std::string::npos);
}

TEST_CASE("a standby and a read-only database are known as such") {
  TestDatabase database;
  database.execute(fmt::format("ALTER DATABASE {} SET default_transaction_read_only = on", database.name()));
  CHECK(connect(database.conninfo()).info().read_only);

  PrivateServer server;
  const std::string data = Connection(server.conninfo()).value("SHOW data_directory");
  server.stop();
  std::ofstream(data + "/standby.signal").flush();
  server.start();
  const auto standby = connect(server.conninfo());
  CHECK(standby.info().in_recovery);
}
