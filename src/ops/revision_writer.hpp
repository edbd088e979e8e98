// New revision files on disk.
#pragma once

#include <filesystem>
#include <string>

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/revision/revision_file.hpp>

namespace migrate::ops {

// Where a revision's file goes, by the file template; counts on from the files that are there.
Result<std::filesystem::path> path_of_new_revision(const config::Settings& settings,
                                                   const std::filesystem::path& folder,
                                                   const revision::NewRevision& revision);

// Writes it, folders included. Errors: `file-exists`, `unwritable-file`.
Result<void> write_new_file(const std::filesystem::path& path, const std::string& text);

}  // namespace migrate::ops
