#include "support/pooler.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "support/test_server.hpp"

namespace migrate::test {
namespace {

constexpr int port = 6432;
constexpr int tries = 1000;

// The server's own: only that user gets to the server's socket, and PgBouncer refuses to be root.
const passwd& server_user() {
  struct stat place {};
  const auto directory = TestServer::instance().socket_directory();
  if (::stat(directory.c_str(), &place) != 0) throw std::runtime_error("cannot see " + directory.string());
  const passwd* user = ::getpwuid(place.st_uid);
  if (user == nullptr) throw std::runtime_error("the server's user has no name");
  return *user;
}

}  // namespace

std::optional<std::filesystem::path> find_pgbouncer() {
  for (const char* folder : {"/usr/sbin", "/usr/bin", "/usr/local/bin"}) {
    auto program = std::filesystem::path(folder) / "pgbouncer";
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

Pooler::Pooler(std::string_view mode, std::string_view settings) {
  const auto& user = server_user();
  folder_.write("users.txt", "\"postgres\" \"\"\n\"app\" \"\"\n");
  folder_.write("pgbouncer.ini",
                fmt::format("[databases]\n* = host={} port=5432\n[pgbouncer]\nunix_socket_dir = {}\nlisten_port = {}\n"
                            "auth_type = trust\nauth_file = {}\npool_mode = {}\nserver_reset_query = DISCARD ALL\n{}\n",
                            TestServer::instance().socket_directory().string(), folder_.path().string(), port,
                            (folder_ / "users.txt").string(), mode, settings));
  ::chmod(folder_.path().c_str(), 0755);
  if (::chown(folder_.path().c_str(), user.pw_uid, user.pw_gid) != 0) throw std::runtime_error("chown");
  std::vector<std::string> words{find_pgbouncer().value().string()};
  if (::geteuid() == 0) words.insert(words.end(), {"-u", user.pw_name});
  words.push_back((folder_ / "pgbouncer.ini").string());
  program_ = std::make_unique<ChildProgram>(std::move(words), std::vector<std::pair<std::string, std::string>>{},
                                            folder_.path());
  for (int i = 0; i < tries; ++i) {
    try {
      Connection(conninfo("postgres")).execute("SELECT 1");
      return;
    } catch (const std::runtime_error&) {
      if (program_->ends_within(std::chrono::milliseconds(20))) break;
    }
  }
  throw std::runtime_error("pgbouncer does not serve:\n" + program_->output());
}

std::string Pooler::conninfo(std::string_view database) const {
  return fmt::format("host={} hostaddr='' port={} user=postgres dbname={}", folder_.path().string(), port, database);
}

std::filesystem::path Pooler::socket() const { return folder_ / fmt::format(".s.PGSQL.{}", port); }

std::string Pooler::url(std::string_view database) const {
  return fmt::format("postgresql://postgres@/{}?host={}&port={}", database, folder_.path().string(), port);
}

}  // namespace migrate::test
