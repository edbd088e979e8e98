// What a git repository has of the migrations folders.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>

namespace migrate::ops {

// The .sql files below the folders as they were where `reference` and the present branch parted (at the reference
// itself where the history is too shallow to tell). Errors: `not-a-repository`, `unknown-git-revision`, `git-failed`.
Result<std::vector<SourcePtr>> files_at(const std::string& reference,
                                        const std::vector<std::filesystem::path>& folders);

}  // namespace migrate::ops
