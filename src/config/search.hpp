/// \file
/// Where a project's files are.
#pragma once

#include <filesystem>
#include <optional>

namespace migrate::config {

/// migrate.toml in `folder`, or in the nearest folder above it, up to the first with a `.git` and the root.
/// Requires: `folder` is absolute.
std::optional<std::filesystem::path> find_settings_file(const std::filesystem::path& folder);

}  // namespace migrate::config
