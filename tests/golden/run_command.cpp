#include "golden/run_command.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "golden/screen.hpp"

namespace golden {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::minutes time_limit{2};
constexpr std::size_t terminal_columns = 100;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor() { close(); }
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

[[noreturn]] void give_up(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

struct Pipe {
  Descriptor read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Everything that execve() takes, made before fork(): between the two nothing may be allocated.
class ShellCall {
 public:
  ShellCall(const std::string& command, const Surroundings& surroundings)
      : folder_(surroundings.folder.string()), words_{"/bin/sh", "-c", command} {
    for (const auto& [name, value] : surroundings.environment) variables_.push_back(name + "=" + value);
    for (auto& word : words_) arguments_.push_back(word.data());
    for (auto& variable : variables_) environment_.push_back(variable.data());
    arguments_.push_back(nullptr);
    environment_.push_back(nullptr);
  }

  [[noreturn]] void become() {
    if (::chdir(folder_.c_str()) == 0) ::execve(arguments_[0], arguments_.data(), environment_.data());
    ::_exit(127);
  }

 private:
  std::string folder_;
  std::vector<std::string> words_, variables_;
  std::vector<char*> arguments_, environment_;
};

/// A process in a group of its own, which does not outlive its owner.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid), end_(Clock::now() + time_limit) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (reaped()) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, &status_, 0);
  }

  bool ended() {
    if (!reaped() && Clock::now() > end_) throw std::runtime_error("the command takes longer than two minutes");
    return gone_;
  }

  [[nodiscard]] int exit_status() const {
    return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
  }

 private:
  bool reaped() {
    if (!gone_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) gone_ = true;
    return gone_;
  }

  pid_t pid_;
  Clock::time_point end_;
  bool gone_ = false;
  int status_ = 0;
};

/// What can be read within `timeout`; none at the end of the stream.
std::optional<std::string> read_some(int descriptor, std::chrono::milliseconds timeout) {
  pollfd readable{descriptor, POLLIN, 0};
  if (::poll(&readable, 1, static_cast<int>(timeout.count())) <= 0) return std::string();
  std::array<char, 4096> buffer{};
  const auto size = ::read(descriptor, buffer.data(), buffer.size());
  // A terminal that nobody has open any more answers EIO.
  if (size <= 0) return std::nullopt;
  return std::string(buffer.data(), static_cast<std::size_t>(size));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  if (text.empty()) return lines;
  const bool ended = text.ends_with('\n');
  if (ended) text.remove_suffix(1);
  for (const auto line : migrate::split(text, '\n')) lines.emplace_back(line);
  if (!ended) lines.back() += "[no line end]";
  return lines;
}

/// Until the process has ended and nothing more is to be read. Not until the end of the streams: a server that was left
/// running may hold them.
void drain(Child& child, std::vector<std::pair<int, std::string*>> streams) {
  for (bool ended = false; !streams.empty();) {
    ended = ended || child.ended();
    bool quiet = true;
    for (auto stream = streams.begin(); stream != streams.end();) {
      const auto text = read_some(stream->first, std::chrono::milliseconds(ended ? 0 : 5));
      if (!text) {
        stream = streams.erase(stream);
        continue;
      }
      quiet = quiet && text->empty();
      *stream->second += *text;
      ++stream;
    }
    if (ended && quiet) return;
  }
  while (!child.ended()) ::usleep(1000);
}

bool is_question(const std::string& line) {
  return line.ends_with(": ") || line.ends_with("? ") || line.ends_with("> ");
}

void type_line(int terminal, std::string line) {
  line += '\n';
  if (::write(terminal, line.data(), line.size()) != static_cast<ssize_t>(line.size())) give_up("write");
}

}  // namespace

Output run_in_pipe(const std::string& command, const Surroundings& surroundings, Streams streams) {
  ShellCall call(command, surroundings);
  auto output = make_pipe();
  auto errors = make_pipe();
  const int error_end = streams == Streams::apart ? errors.write.get() : output.write.get();
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const pid_t pid = ::fork();
  if (pid < 0) give_up("fork");
  if (pid == 0) {
    ::setpgid(0, 0);
    ::dup2(nothing.get(), STDIN_FILENO);
    ::dup2(output.write.get(), STDOUT_FILENO);
    ::dup2(error_end, STDERR_FILENO);
    call.become();
  }
  // In both processes, since nobody knows which of them goes first.
  ::setpgid(pid, pid);
  output.write.close();
  errors.write.close();

  Child child(pid);
  std::string out, err;
  drain(child, {{output.read.get(), &out}, {errors.read.get(), &err}});
  Output result{lines_of(out), child.exit_status()};
  for (const auto& line : lines_of(err)) result.lines.push_back("2> " + line);
  return result;
}

Output run_in_terminal(const std::string& command, const Surroundings& surroundings,
                       const std::vector<std::string>& typed) {
  ShellCall call(command, surroundings);
  winsize size{};
  size.ws_col = terminal_columns;
  size.ws_row = 50;
  int number = -1;
  const pid_t pid = ::forkpty(&number, nullptr, nullptr, &size);
  if (pid < 0) give_up("forkpty");
  if (pid == 0) call.become();

  const Descriptor terminal(number);
  Child child(pid);
  Screen screen(terminal_columns);
  std::size_t next = 0;
  for (bool open = true, ended = false; open;) {
    ended = ended || child.ended();
    const auto text = read_some(terminal.get(), std::chrono::milliseconds(ended ? 0 : 50));
    open = text && !(ended && text->empty());
    if (text) screen.write(*text);
    if (text && text->empty() && !ended && next < typed.size() && is_question(screen.line_before_cursor()))
      type_line(terminal.get(), typed[next++]);
  }
  while (!child.ended()) ::usleep(1000);
  Output result{screen.lines(), child.exit_status()};
  for (; next < typed.size(); ++next) result.lines.push_back(fmt::format("[nobody asked for `{}`]", typed[next]));
  return result;
}

}  // namespace golden
