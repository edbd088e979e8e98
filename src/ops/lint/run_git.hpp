// git as a program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::ops {

struct GitAnswer {
  int exit_code = -1;  // 128 + signal of a killed one
  std::string output, complaint;
};

// Runs git in `folder` without a shell: arguments are given as they are. Errors: `git-failed`: it could not be started.
Result<GitAnswer> run_git(const std::string& folder, const std::vector<std::string>& arguments,
                          std::string_view input = {});

}  // namespace migrate::ops
