#include "support/child_program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace migrate::test {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ChildProgram::ChildProgram(std::vector<std::string> words,
                           const std::vector<std::pair<std::string, std::string>>& environment,
                           const std::filesystem::path& folder)
    : output_(std::tmpfile(), std::fclose) {
  if (!output_) throw std::runtime_error("no temporary file for a program's output");
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment) lines.push_back(name + "=" + value);
  const auto arguments = pointers_to(words);
  const auto variables = pointers_to(lines);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(output_.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(output_.get()), STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  const int reason = posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  if (reason != 0) throw std::runtime_error(fmt::format("cannot run {}: {}", words.front(), std::strerror(reason)));
  // By its number: glibc 2.36 declares the function without C linkage.
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) throw std::runtime_error("pidfd_open: " + std::string(std::strerror(errno)));
}

ChildProgram::~ChildProgram() {
  signal(SIGKILL);
  ends_within(std::chrono::seconds(10));
  ::close(pidfd_);
}

void ChildProgram::signal(int number) {
  const std::scoped_lock guard(mutex_);
  if (pid_ > 0) ::kill(pid_, number);
}

bool ChildProgram::ends_within(std::chrono::milliseconds time) {
  pollfd ended{pidfd_, POLLIN, 0};
  if (::poll(&ended, 1, static_cast<int>(time.count())) <= 0) return false;
  const std::scoped_lock guard(mutex_);
  if (pid_ > 0) ::waitpid(pid_, &status_, 0);
  pid_ = -1;
  return true;
}

ChildEnd ChildProgram::wait(std::chrono::milliseconds limit) {
  if (!ends_within(limit)) {
    throw std::runtime_error(fmt::format("a program hangs after {} ms:\n{}", limit.count(), output()));
  }
  return {WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_), output()};
}

std::string ChildProgram::output() const {
  std::string text;
  std::array<char, 4096> buffer{};
  // Not through the stream: its place is shared with the program's.
  for (off_t at = 0;; at = static_cast<off_t>(text.size())) {
    const auto got = ::pread(fileno(output_.get()), buffer.data(), buffer.size(), at);
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace migrate::test
