#include "cluster/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/log.hpp>
#include <migrate/base/system_error.hpp>
#include <migrate/base/text.hpp>

#include "cluster/as_user.hpp"
#include "cluster/descriptor.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Argument vectors as exec wants them, made before the fork.
class Vector {
 public:
  explicit Vector(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (auto& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

/// From scratch: PGDATA, PGOPTIONS, LC_* and the like of whoever calls must not reach the server.
std::vector<std::string> make_environment(const ServerUser& user) {
  const auto path = environment("PATH");
  std::vector<std::string> variables{
      fmt::format("PATH={}", path.empty() ? "/usr/bin:/bin" : path),
      fmt::format("HOME={}", user.home),
      fmt::format("USER={}", user.name),
      fmt::format("LOGNAME={}", user.name),
      "LC_ALL=C",
      "TZ=UTC",
  };
  // A PostgreSQL built by hand or by a package manager of its own may need it to find libpq.
  if (const auto libraries = environment("LD_LIBRARY_PATH"); !libraries.empty())
    variables.push_back(fmt::format("LD_LIBRARY_PATH={}", libraries));
  return variables;
}

void close_from(int first) {
#ifdef SYS_close_range
  // By number: the C library's function is younger than the kernel's. The loop below takes long where a million are
  // allowed.
  if (::syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
  const long limit = ::sysconf(_SC_OPEN_MAX);
  for (int number = first; number < (limit > 0 ? limit : 1024); ++number) ::close(number);
}

/// In a child. Keeps `error_pipe` as descriptor 3, which exec closes, and `kept` from 4 on; else 0, 1 and 2 remain
/// open. Requires: at most 8 in `kept`.
void arrange_descriptors(int input, int output, int error_pipe, std::span<const int> kept) {
  constexpr int moved_error_pipe = 3;
  constexpr int first_free = 16;
  // Moved out of the way first: any of them may be one of the numbers that are about to be taken.
  std::array<int, 8> moved{};
  for (std::size_t i = 0; i < kept.size(); ++i) moved[i] = ::fcntl(kept[i], F_DUPFD, first_free);
  input = ::fcntl(input, F_DUPFD, first_free);
  output = ::fcntl(output, F_DUPFD, first_free);
  error_pipe = ::fcntl(error_pipe, F_DUPFD, first_free);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::dup2(error_pipe, moved_error_pipe);
  ::fcntl(moved_error_pipe, F_SETFD, FD_CLOEXEC);
  int next = moved_error_pipe + 1;
  for (std::size_t i = 0; i < kept.size(); ++i) ::dup2(moved[i], next++);
  close_from(next);
}

[[noreturn]] void give_up(int error_pipe, int code) {
  [[maybe_unused]] const auto written = ::write(error_pipe, &code, sizeof code);
  ::_exit(127);
}

[[noreturn]] void execute(const Vector& arguments, const Vector& variables) {
  ::execve(arguments.data()[0], arguments.data(), variables.data());
  give_up(3, errno);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    else if (got == 0 || errno != EINTR)
      return text;
  }
}

/// What a child wrote with give_up, or 0: exec closed the pipe.
int read_error(const Descriptor& reader) {
  const auto bytes = read_all(reader.get());
  int code = 0;
  if (bytes.size() >= sizeof code) std::copy_n(bytes.data(), sizeof code, reinterpret_cast<char*>(&code));
  return code;
}

Ended not_run(const std::string& program, int code) {
  return {127, fmt::format("cannot run {}: {}", program, reason_of(code))};
}

}  // namespace

std::optional<fs::path> find_program(std::string_view name, std::string_view folders) {
  for (const auto folder : split(folders, ':')) {
    if (folder.empty() || folder.front() != '/') continue;
    auto candidate = fs::path(folder) / name;
    struct stat info {};
    if (::stat(candidate.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return std::nullopt;
}

std::optional<fs::path> find_system_program(std::string_view name) {
  if (auto found = find_program(name, "/usr/bin:/bin")) return found;
  return find_program(name, environment("PATH"));
}

Ended run_program(const std::vector<std::string>& arguments, const ServerUser& user, std::span<const int> kept) {
  log::trace("run {} as {}", fmt::join(arguments, " "), user.name);
  const Vector argument_vector(arguments);
  const Vector variables(make_environment(user));
  auto output = make_pipe();
  auto failure = make_pipe();
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!output || !failure || !nothing.is_open()) return not_run(arguments.front(), errno);

  [[maybe_unused]] const pid_t parent = ::getpid();
  const pid_t child = fork_with_default_signals();
  if (child < 0) return not_run(arguments.front(), errno);
  if (child == 0) {
    arrange_descriptors(nothing.get(), output->writer.get(), failure->writer.get(), kept);
    if (const int code = become(user); code != 0) give_up(3, code);
#ifdef __linux__
    // Half-made data are thrown away by the next call; nothing may still be writing into them then.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Killed before it could be noticed.
    if (::getppid() != parent) ::_exit(127);
#endif
    execute(argument_vector, variables);
  }
  output->writer.close();
  failure->writer.close();
  const int code = read_error(failure->reader);
  auto text = read_all(output->reader.get());
  const int exit_code = wait_for(child);
  if (code != 0) return not_run(arguments.front(), code);
  return {exit_code, std::move(text)};
}

Daemon start_daemon(const std::vector<std::string>& arguments, const ServerUser& user, const fs::path& log_file) {
  log::debug("start {} as {}", fmt::join(arguments, " "), user.name);
  const Vector argument_vector(arguments);
  const Vector variables(make_environment(user));
  auto pid_pipe = make_pipe();
  auto failure = make_pipe();
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!pid_pipe || !failure || !nothing.is_open()) return {-1, errno};

  // Two forks: the daemon is nobody's child but init's, so its end leaves no zombie with a caller that lives long.
  const pid_t between = fork_with_default_signals();
  if (between < 0) return {-1, errno};
  if (between == 0) {
    ::setsid();
    const pid_t daemon = ::fork();
    if (daemon != 0) {
      const pid_t number = daemon < 0 ? -errno : daemon;
      [[maybe_unused]] const auto written = ::write(pid_pipe->writer.get(), &number, sizeof number);
      ::_exit(0);
    }
    const int error_pipe = failure->writer.get();
    if (const int code = become(user); code != 0) give_up(error_pipe, code);
    ::umask(077);
    const int output = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    if (output < 0 || ::chdir("/") != 0) give_up(error_pipe, errno);
    arrange_descriptors(nothing.get(), output, error_pipe, {});
    execute(argument_vector, variables);
  }
  pid_pipe->writer.close();
  failure->writer.close();
  const int code = read_error(failure->reader);
  const auto bytes = read_all(pid_pipe->reader.get());
  wait_for(between);
  pid_t pid = -EAGAIN;
  if (bytes.size() >= sizeof pid) std::copy_n(bytes.data(), sizeof pid, reinterpret_cast<char*>(&pid));
  if (pid < 0) return {-1, -pid};
  return {pid, code};
}

bool process_lives(pid_t pid) {
  if (pid <= 0 || (::kill(pid, 0) != 0 && errno != EPERM)) return false;
#ifdef __linux__
  // "pid (name) S ...": the name may hold blanks and parentheses, so the state stands after the last one.
  const auto text = read_file(fmt::format("/proc/{}/stat", pid));
  if (!text) return ::kill(pid, 0) == 0;
  const auto name_end = text->rfind(')');
  const char state = name_end != std::string::npos && name_end + 2 < text->size() ? (*text)[name_end + 2] : '?';
  return state != 'Z' && state != 'X';
#else
  return true;
#endif
}

}  // namespace migrate::cluster
