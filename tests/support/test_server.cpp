#include "support/test_server.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/digest.hpp>
#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>

namespace migrate::test {
namespace {

namespace fs = std::filesystem;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(text_of(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string name;
  std::string start;  ///< with the pid it names one process for ever
};

/// Source: proc(5), /proc/[pid]/stat.
std::optional<Process> look_at(pid_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/stat", pid));
  if (!text) return std::nullopt;
  const auto begin = text->find('(');
  const auto end = text->rfind(')');
  if (begin == std::string::npos || end == std::string::npos) return std::nullopt;
  const auto fields = split_list(std::string_view(*text).substr(end + 1));
  if (fields.size() < 20) return std::nullopt;
  return Process{pid, std::atoi(std::string(fields[1]).c_str()), text->substr(begin + 1, end - begin - 1),
                 std::string(fields[19])};
}

/// The ctest that runs us, else ourselves: when it goes away, nobody needs the server any more.
Process whose_server() {
  auto process = look_at(::getpid()).value_or(Process{::getpid(), 0, "", "0"});
  auto ourselves = process;
  while (process.pid > 1) {
    if (process.name == "ctest") return process;
    const auto parent = look_at(process.parent);
    if (!parent) break;
    process = *parent;
  }
  return ourselves;
}

void run_supervisor(const char* verb, const fs::path& project, pid_t watched) {
  const auto watched_text = std::to_string(watched);
  const auto& binaries = server_binaries().directory;
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(MIGRATE_TEST_SUPERVISOR, MIGRATE_TEST_SUPERVISOR, verb, project.c_str(), binaries.c_str(),
            watched_text.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error("cannot start the tests' server with " MIGRATE_TEST_SUPERVISOR);
}

cluster::Cluster cluster_in(const fs::path& project) {
  cluster::ClusterOptions options;
  options.directory = project / ".migrate";
  options.binaries = server_binaries();
  return cluster::Cluster(std::move(options));
}

}  // namespace

std::string text_of(const Failure& failure) {
  std::string text;
  for (const auto& diagnostic : failure.diagnostics) {
    text += fmt::format("{}[{}]: {}\n", "error", diagnostic.id, diagnostic.message);
    for (const auto& note : diagnostic.notes) text += fmt::format("  = {}: {}\n", note.label, note.text);
    for (const auto& help : diagnostic.helps) text += fmt::format("help: {}\n", help.message);
  }
  return text;
}

void guard_cluster(const fs::path& project) { run_supervisor("guard", project, ::getpid()); }

const cluster::ServerBinaries& server_binaries() {
  static const cluster::ServerBinaries binaries = [] {
    auto wanted = environment("MIGRATE_TEST_PG_BIN");
    if (wanted.empty()) wanted = environment("MIGRATE_PG_BIN");
    return must(cluster::find_server_binaries(wanted));
  }();
  return binaries;
}

fs::path server_folder() {
  if (!environment("TMPDIR").empty()) return fs::temp_directory_path();
  constexpr std::uintmax_t plenty = std::uintmax_t{2} << 30;
  std::error_code failed;
  const auto memory = fs::space("/dev/shm", failed);
  const bool writable = ::access("/dev/shm", R_OK | W_OK | X_OK) == 0;
  return !failed && writable && memory.available > plenty ? fs::path("/dev/shm") : fs::path("/tmp");
}

TestServer& TestServer::instance() {
  static TestServer server;
  return server;
}

TestServer::TestServer() {
  const auto owner = whose_server();
  const auto key = fmt::format("{} {} {}", owner.pid, owner.start, server_binaries().directory.string());
  const auto project = server_folder() / fmt::format("migrate-tests-{}-{}", ::geteuid(), sha256_hex(key).substr(0, 12));
  cluster_.emplace(cluster_in(project));
  auto status = cluster_->status();
  if (!status.ready) {
    run_supervisor("start", project, owner.pid);
    status = cluster_->status();
  }
  if (!status.ready) throw std::runtime_error("the tests' server does not run: see " + status.log_file.string());
  socket_directory_ = status.socket_directory;
  data_directory_ = status.data_directory;
  pid_ = *status.pid;
}

std::string TestServer::conninfo(std::string_view database) const { return cluster_->conninfo(database); }

std::string TestServer::url(std::string_view database) const { return cluster_->url(database); }

TestDatabase::TestDatabase(std::string_view options) {
  static std::atomic<int> count{0};
  name_ = fmt::format("test_{}_{}", ::getpid(), ++count);
  Connection(TestServer::instance().conninfo()).execute(fmt::format("CREATE DATABASE {} {}", name_, options));
}

TestDatabase::~TestDatabase() {
  own_.reset();
  try {
    Connection(TestServer::instance().conninfo())
        .execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_));
  } catch (const std::exception& trouble) {
    // The server goes away with the run, and the database with it.
    fmt::print(stderr, "cannot drop {}: {}\n", name_, trouble.what());
  }
}

Connection& TestDatabase::own() {
  if (!own_) own_.emplace(conninfo());
  return *own_;
}

PrivateServer::PrivateServer(std::vector<std::pair<std::string, std::string>> settings, bool durable) {
  // The server's user must get to its data.
  if (::chmod(folder_.path().c_str(), 0755) != 0) throw std::runtime_error("cannot open " + folder_.path().string());
  cluster::ClusterOptions options;
  options.directory = folder_ / ".migrate";
  options.binaries = server_binaries();
  options.server_settings = std::move(settings);
  options.durable = durable;
  cluster_.emplace(std::move(options));
  guard_cluster(folder_.path());
  start();
}

PrivateServer::~PrivateServer() {
  if (auto gone = cluster_->reset(); !gone) fmt::print(stderr, "{}", text_of(gone.error()));
}

void PrivateServer::start() { must(cluster_->start()); }
void PrivateServer::stop(bool immediate) { must(cluster_->stop(immediate)); }

void PrivateServer::kill() {
  const pid_t pid = this->pid();
  if (::kill(pid, SIGKILL) != 0) throw std::runtime_error("cannot kill the server");
  while (cluster_->status().running) ::usleep(1000);
}

std::string PrivateServer::conninfo(std::string_view database) const { return cluster_->conninfo(database); }

std::string PrivateServer::url(std::string_view database) const { return cluster_->url(database); }

int PrivateServer::pid() const {
  const auto pid = cluster_->status().pid;
  if (!pid) throw std::runtime_error("the server does not run");
  return *pid;
}

}  // namespace migrate::test
