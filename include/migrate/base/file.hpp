/// \file
/// Reading and writing whole files, with errors as diagnostics.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate {

/// Errors: `unreadable-file` with the path and the system's reason.
Result<std::string> read_file(const std::filesystem::path& path);
/// Writes beside it and renames, so that a full disk or a kill never leaves half a file.
/// Errors: `unwritable-file`.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace migrate
