#include "cluster/server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/log.hpp>
#include <migrate/base/system_error.hpp>
#include <migrate/base/text.hpp>

#include "cluster/as_user.hpp"
#include "cluster/descriptor.hpp"
#include "cluster/process.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto start_patience = 60s;  // recovery of a durable cluster takes its time
constexpr auto stop_patience = 30s;
constexpr int answer_patience_ms = 10'000;
constexpr auto kill_patience = 15s;  // a server that is told to end at once kills its children after 5 s

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::optional<PidFile> read_pid_file(const Place& place) {
  const auto text = read_file(place.data() / "postmaster.pid");
  return text ? parse_pid_file(*text) : std::nullopt;
}

/// Polls: short naps first, because most waits are short.
template <class Condition>
bool wait_until(Condition condition, std::chrono::seconds patience) {
  const auto end = Clock::now() + patience;
  for (auto nap = 1ms; !condition(); nap = std::min(nap * 2, 20ms)) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(nap);
  }
  return true;
}

#ifdef __linux__
/// Whether the process works in the folder with inode `data`: a server changes into its data when it starts, wherever
/// they are moved later. Async-signal-safe; to be asked as the server's user, who may look at its own processes even
/// where root (in a container) may not.
bool works_in(const char* cwd, const struct stat& data) {
  struct stat working {};
  return ::stat(cwd, &working) == 0 && working.st_dev == data.st_dev && working.st_ino == data.st_ino;
}

bool runs_postgres(const char* exe) {
  std::array<char, 4096> target{};
  const auto size = ::readlink(exe, target.data(), target.size());
  if (size <= 0) return false;
  const std::string_view path(target.data(), static_cast<std::size_t>(size));
  // Not the whole name: " (deleted)" follows where a package's update has replaced the program.
  return path.substr(path.rfind('/') + 1).starts_with("postgres");
}
#endif

bool is_server_of(const Place& place, const PidFile& file) {
  if (file.pid <= 1 || !process_lives(file.pid)) return false;
#ifdef __linux__
  struct stat data {};
  if (::stat(place.data().c_str(), &data) != 0) return false;
  const auto cwd = fmt::format("/proc/{}/cwd", file.pid);
  const auto exe = fmt::format("/proc/{}/exe", file.pid);
  return as_user(place.user, [&, cwd = cwd.c_str(), exe = exe.c_str()] {
           return works_in(cwd, data) && runs_postgres(exe) ? 0 : ESRCH;
         }) == 0;
#else
  return file.data_directory == place.data();
#endif
}

#ifdef __linux__
std::vector<pid_t> all_processes() {
  std::vector<pid_t> pids;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return pids;
  while (const dirent* entry = ::readdir(folder))
    if (const auto pid = parse_number<pid_t>(entry->d_name)) pids.push_back(*pid);
  ::closedir(folder);
  return pids;
}
#endif

/// The children of a server that was killed may still be busy, and keep its shared memory; no new server starts then.
void end_orphans(const Place& place) {
#ifdef __linux__
  struct stat data {};
  if (::stat(place.data().c_str(), &data) != 0) return;
  struct Candidate {
    pid_t pid;
    std::string cwd;
    std::string exe;
  };
  std::vector<Candidate> candidates;
  for (const pid_t pid : all_processes())
    candidates.push_back({pid, fmt::format("/proc/{}/cwd", pid), fmt::format("/proc/{}/exe", pid)});
  const auto kill_them = [&] {
    return as_user(place.user, [&] {
      int found = 0;
      for (const auto& candidate : candidates) {
        if (!works_in(candidate.cwd.c_str(), data) || !runs_postgres(candidate.exe.c_str())) continue;
        ::kill(candidate.pid, SIGKILL);
        found = EBUSY;
      }
      return found;
    });
  };
  if (kill_them() == 0) return;
  log::debug("ended what a killed server left in {}", place.data().string());
  wait_until([&] { return kill_them() == 0; }, kill_patience);
#else
  (void)place;
#endif
}

/// The last lines of what the log got since `offset`.
std::string end_of_log(const fs::path& log_file, off_t offset) {
  constexpr off_t most_bytes = 4000;
  constexpr std::size_t most_lines = 20;
  const Descriptor descriptor(::open(log_file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &info) != 0) return {};
  const off_t begin = std::max(std::min(offset, info.st_size), info.st_size - most_bytes);
  std::string text(static_cast<std::size_t>(info.st_size - begin), '\0');
  const auto got = ::pread(descriptor.get(), text.data(), text.size(), begin);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  const auto lines = split(trim(text), '\n');
  const auto skipped = lines.size() > most_lines ? lines.size() - most_lines : 0;
  return fmt::format("{}", fmt::join(lines.begin() + static_cast<std::ptrdiff_t>(skipped), lines.end(), "\n"));
}

off_t size_of(const fs::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_size : 0;
}

/// A log is of use for weeks, not for ever.
void turn_over_log(const Place& place) {
  constexpr off_t enough = 16 * 1024 * 1024;
  if (size_of(place.log()) < enough) return;
  const auto log_file = place.log();
  const auto old = place.old_log();
  as_user(place.user, [from = log_file.c_str(), to = old.c_str()] { return ::rename(from, to) == 0 ? 0 : errno; });
}

Unexpected<Failure> not_started(const Place& place, std::string reason, off_t log_offset) {
  auto trouble = error("cluster-failed", "the embedded PostgreSQL did not start: " + std::move(reason));
  if (auto text = end_of_log(place.log(), log_offset); !text.empty()) trouble.notes.push_back({"log", std::move(text)});
  return fail(std::move(trouble)
                  .note("found", place.log().string())
                  .help("mend what the log names, or make the cluster anew: migrate dev reset"),
              ExitCode::unreachable);
}

/// What a killed server, or the original of a copied folder, left: a new server would take it for a living one's.
void remove_stale_files(const Place& place) {
  const auto socket = socket_in(place.socket_directory);
  for (const auto& path : {place.data() / "postmaster.pid", socket, fs::path(socket.string() + ".lock")})
    as_user(place.user, [name = path.c_str()] { return ::unlink(name) == 0 ? 0 : errno; });
}

}  // namespace

std::optional<PidFile> parse_pid_file(std::string_view text) {
  const auto lines = split(text, '\n');
  if (lines.empty()) return std::nullopt;
  // A server that runs without a postmaster writes a negative number.
  const auto pid = parse_number<pid_t>(trim(lines[0]));
  if (!pid) return std::nullopt;
  const auto line = [&](std::size_t number) { return number <= lines.size() ? lines[number - 1] : std::string_view{}; };
  return PidFile{*pid, line(2), line(5), std::string(trim(line(8)))};
}

std::optional<PidFile> find_server(const Place& place) {
  auto file = read_pid_file(place);
  if (!file || !is_server_of(place, *file)) return std::nullopt;
  return file;
}

bool takes_connections(const fs::path& socket_directory) {
  const auto path = socket_in(socket_directory).native();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::copy(path.begin(), path.end(), address.sun_path);
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return false;
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return errno == EAGAIN;  // so many are waiting already that somebody must be listening

  // An SSLRequest: the shortest question that a server answers, and one that leaves nothing in its log. That the kernel
  // took the connection would say little: it does so for a server that is just being killed, too.
  constexpr std::array<unsigned char, 8> question{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f};
  if (::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) != ssize_t{question.size()}) return false;
  pollfd answer{socket.get(), POLLIN, 0};
  char byte = 0;
  return ::poll(&answer, 1, answer_patience_ms) == 1 && ::recv(socket.get(), &byte, 1, 0) == 1;
}

bool wait_until_ready(const Place& place, pid_t pid) {
  bool ready = false;
  wait_until(
      [&] {
        const bool lives = process_lives(pid);
        const auto file = read_pid_file(place);
        ready = lives && file && file->pid == pid && file->is_ready() && takes_connections(file->socket_directory);
        return ready || !lives;
      },
      start_patience);
  return ready;
}

namespace {

// The children of a server that was killed hold its shared memory for a moment longer than it lives itself.
bool old_memory_in_use(const Place& place, off_t log_offset) {
  const auto log = read_file(place.log());
  const auto begin = static_cast<std::size_t>(log_offset);
  return log && log->size() > begin && log->find("is still in use", begin) != std::string::npos;
}

}  // namespace

Result<void> start_server(const Place& place, const ServerBinaries& binaries) {
  constexpr int tries = 40;
  turn_over_log(place);
  for (int attempt = 1;; ++attempt) {
    end_orphans(place);
    remove_stale_files(place);
    const off_t log_offset = size_of(place.log());
    const auto daemon = start_daemon({(binaries.directory / "postgres").string(), "-D", place.data().string()},
                                     place.user, place.log());
    if (daemon.error != 0)
      return not_started(place,
                         fmt::format("cannot run `{}` as `{}`: {}", (binaries.directory / "postgres").string(),
                                     place.user.name, reason_of(daemon.error)),
                         log_offset);
    if (wait_until_ready(place, daemon.pid)) return {};
    if (process_lives(daemon.pid))
      return not_started(place, fmt::format("no answer for {} s; it still runs", start_patience.count()), log_offset);
    if (attempt == tries || !old_memory_in_use(place, log_offset))
      return not_started(place, "it ended at once", log_offset);
    std::this_thread::sleep_for(250ms);
  }
}

Result<void> stop_server(const Place& place, pid_t pid, bool immediate) {
  const auto send = [&](int signal) { as_user(place.user, [&] { return ::kill(pid, signal) == 0 ? 0 : errno; }); };
  const auto gone = [&] { return !process_lives(pid); };
  if (!immediate) {
    send(SIGINT);
    if (wait_until(gone, stop_patience)) return {};
    log::debug("the server does not end, so it is told to end at once");
  }
  send(SIGQUIT);
  if (wait_until(gone, kill_patience)) return {};
  return fail(error("cluster-failed", fmt::format("the embedded PostgreSQL (pid {}) does not end", pid))
                  .help(fmt::format("end it by hand: kill -9 {}", pid)),
              ExitCode::unreachable);
}

}  // namespace migrate::cluster
