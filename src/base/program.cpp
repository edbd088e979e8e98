#include <migrate/base/program.hpp>

#include <migrate/base/system_error.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace migrate {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// In a file, so that neither side ever waits for the other.
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

Unexpected<Failure> cannot_run(const std::string& program, int reason) {
  return fail(error("cannot-run-program", fmt::format("cannot run `{}`: {}", program, reason_of(reason))));
}

}  // namespace

Result<ProgramEnd> run_program(const Program& program) {
  std::vector<std::string> words = program.words;
  std::vector<std::string> environment = environment_with(program.environment);
  const auto arguments = pointers_to(words);
  const auto variables = pointers_to(environment);

  const File in = scratch_file(program.input), out = scratch_file({}), complaint = scratch_file({});
  if (!in || !out || !complaint) return cannot_run(words.front(), errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(complaint.get()), STDERR_FILENO);
  pid_t child = -1;
  const int reason = posix_spawnp(&child, words.front().c_str(), &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  if (reason != 0) return cannot_run(words.front(), reason);

  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  ProgramEnd end;
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end.output = read_all(out.get());
  end.complaint = read_all(complaint.get());
  return end;
}

}  // namespace migrate
