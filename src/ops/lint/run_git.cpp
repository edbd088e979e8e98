#include "ops/lint/run_git.hpp"

#include <migrate/base/program.hpp>

namespace migrate::ops {

Result<GitAnswer> run_git(const std::string& folder, const std::vector<std::string>& arguments,
                          std::string_view input) {
  std::vector<std::string> words{"git", "-C", folder, "--no-optional-locks"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto ended = run_program({.words = std::move(words), .input = input});
  if (!ended) {
    Failure failure = std::move(ended).error();
    failure.diagnostics.front() = std::move(failure.diagnostics.front()).help("install git, or leave out --since");
    return fail(std::move(failure));
  }
  return GitAnswer{ended->exit_code, std::move(ended->output), std::move(ended->complaint)};
}

}  // namespace migrate::ops
