/// \file
/// `migrate init`: a new project's folder and files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::ops {

struct InitOptions {
  std::filesystem::path directory;        ///< of the project; default: the working directory
  std::string migrations = "migrations";  ///< the migrations folder, relative to it
  std::string project;                    ///< default: the directory's name
  std::string file_template = "timestamp";
};

/// A file or folder, as shown, and whether it was made now or was there and stayed as it is.
struct InitItem {
  std::string path;
  std::string purpose;
  bool made = true;
};

struct InitOutcome {
  std::string directory;  ///< as it was named; empty: the working directory
  std::vector<InitItem> items;
};

/// What is there is never overwritten; lines are added to .gitignore and .gitattributes. Errors:
/// `invalid-file-template`, `invalid-settings` (a name that no settings file can hold), `unwritable-file`.
Result<InitOutcome> init(const InitOptions& options);

}  // namespace migrate::ops
