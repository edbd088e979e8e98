#include "base/child.hpp"

#include <migrate/base/system_error.hpp>

#include <array>
#include <cerrno>

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace migrate {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{10};
constexpr milliseconds shortest_look{1}, longest_look{50};

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& additions) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string_view text(*line);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [added, value] : additions) replaced = replaced || added == name;
    if (!replaced) lines.emplace_back(text);
  }
  for (const auto& [name, value] : additions) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

File scratch_file(std::string_view content) {
  File file(std::tmpfile(), std::fclose);
  if (!file) return file;
  std::fwrite(content.data(), 1, content.size(), file.get());
  std::rewind(file.get());
  return file;
}

std::string read_all(std::FILE* file) {
  std::string text;
  std::rewind(file);
  std::array<char, 65536> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), file)) > 0;) {
    text.append(buffer.data(), count);
  }
  return text;
}

Unexpected<Failure> cannot_run(const Program& program, int reason) {
  return fail(
      error("cannot-run-program", fmt::format("cannot run `{}`: {}", program.words.front(), reason_of(reason))));
}

Result<pid_t> start_child(const Program& program, const Streams& streams) {
  std::vector<std::string> words = program.words;
  std::vector<std::string> environment = environment_with(program.environment);
  const auto arguments = pointers_to(words);
  const auto variables = pointers_to(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams.in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.complaint, STDERR_FILENO);
  pid_t child = -1;
  const int reason = posix_spawnp(&child, words.front().c_str(), &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  if (reason != 0) return cannot_run(program, reason);
  return child;
}

void Ending::begin() {
  if (std::exchange(begun_, true)) return;
  since_ = Clock::now();
  ::kill(child_, SIGINT);
}

void Ending::insist() {
  if (!begun_ || firm_ || Clock::now() - since_ < patience) return;
  firm_ = true;
  ::kill(child_, SIGTERM);
}

int wait_for_end(pid_t child, const Interrupt* interrupt, Ending& ending) {
  int status = 0;
  if (!interrupt) {
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return exit_code_of(status);
  }
  // Most programs are short, and those that are not have time.
  for (milliseconds look = shortest_look;; look = std::min(look * 2, longest_look)) {
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return exit_code_of(status);
    if (ended < 0 && errno != EINTR) return -1;
    // Once raised, it would wake us for ever.
    pollfd raised{ending.begun() ? -1 : interrupt->fd(), POLLIN, 0};
    if (poll(&raised, 1, static_cast<int>(look.count())) == 1) ending.begin();
    ending.insist();
  }
}

}  // namespace migrate
