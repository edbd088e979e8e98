#include "cli/editor.hpp"

#include <cerrno>
#include <cstdlib>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/system_error.hpp>
#include <migrate/base/text.hpp>

namespace migrate::cli {
namespace {

std::string chosen_editor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::vector<char*> argument_vector(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

}  // namespace

Result<void> open_in_editor(const std::vector<std::string>& paths, bool answers_on_stdout) {
  std::string editor = chosen_editor();
  if (editor.empty()) {
    // What was chosen may do without a terminal; vi would fill a pipe with its screen.
    if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) {
      return fail(error("no-editor", "there is no terminal for an editor")
                      .note("file", fmt::format("{}", fmt::join(paths, ", ")))
                      .help("set VISUAL or EDITOR to an editor that needs none"));
    }
    editor = "vi";
  }
  // As git does it: the shell splits the variable, the paths stay whole.
  std::vector<std::string> words{"/bin/sh", "-c", editor + " \"$@\"", editor};
  words.insert(words.end(), paths.begin(), paths.end());
  auto arguments = argument_vector(words);

  const pid_t child = fork();
  if (child == 0) {
    if (answers_on_stdout) dup2(STDERR_FILENO, STDOUT_FILENO);
    execv(arguments.front(), arguments.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    return fail(error("no-editor", fmt::format("cannot start an editor: {}", reason_of(errno))));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(error("editor-failed", fmt::format("the editor `{}` did not end well", editor))
                  .help("set VISUAL or EDITOR to your editor"));
}

Failure become(const std::vector<std::string>& words) {
  auto arguments = argument_vector(words);
  execvp(arguments.front(), arguments.data());
  return {error("cannot-run", fmt::format("cannot run `{}`: {}", words.front(), reason_of(errno)))
              .help("install the PostgreSQL client programs (Debian: postgresql-client)")};
}

}  // namespace migrate::cli
