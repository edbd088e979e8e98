#include "ops/revision_files.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <migrate/base/log.hpp>
#include <migrate/base/text.hpp>

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

// The path as a person in the working directory would type it.
std::string shown_path(const fs::path& path) {
  std::error_code ignored;
  const fs::path here = fs::current_path(ignored);
  const fs::path relative = path.lexically_proximate(here);
  return !relative.empty() && *relative.begin() != ".." ? relative.string() : path.string();
}

Failure no_folder(const fs::path& folder, const std::string& why, const std::string& way_out) {
  return {error("no-migrations-folder", fmt::format("the migrations folder `{}` {}", shown_path(folder), why))
              .help(way_out + "name it with --dir or `[migrations] directory` in migrate.toml")};
}

Failure unreadable_folder(const fs::path& folder, const std::error_code& why) {
  return no_folder(folder, "cannot be read: " + why.message(), "let whoever runs this read it; where it is another, ");
}

struct Listed {
  std::vector<std::string> files;       // the revision files
  std::vector<std::string> overlooked;  // their ending differs in case
};

// The .sql files of a folder and its subfolders, hidden ones left out, sorted.
Result<Listed> list_files(const fs::path& folder) {
  // Asked once: the working directory and the way to it would cost as much as reading the files.
  const std::string shown = shown_path(folder);
  const std::size_t in_front = shown == "." ? 2 : 0;  // "./a.sql" is typed as "a.sql"
  std::error_code failed;
  const auto status = fs::status(shown, failed);
  if (status.type() == fs::file_type::not_found) {
    return fail(no_folder(folder, "does not exist", "run `migrate init` to make one, or "));
  }
  if (failed) return fail(unreadable_folder(folder, failed));
  if (!fs::is_directory(status)) return fail(no_folder(folder, "is not a folder", {}));

  // A link to nowhere is no folder, and no reason to stop: editors leave such things about.
  const auto is_folder = [](const fs::directory_entry& found) {
    std::error_code ignored;
    return found.is_directory(ignored);
  };
  Listed listed;
  fs::recursive_directory_iterator entry(shown, fs::directory_options::follow_directory_symlink, failed);
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    const std::string& path = entry->path().native();
    if (path[path.rfind('/') + 1] == '.') {
      if (is_folder(*entry)) entry.disable_recursion_pending();
      continue;
    }
    if (!path.ends_with(".sql")) {
      const std::string_view ending =
          std::string_view(path).substr(path.size() - std::min<std::size_t>(path.size(), 4));
      if (equals_ignoring_case(ending, ".sql") && !is_folder(*entry))
        listed.overlooked.push_back(path.substr(in_front));
      continue;
    }
    if (is_folder(*entry)) {
      log::debug("`{}` is a folder, not a revision: the files in it are read", path.substr(in_front));
    } else {
      listed.files.push_back(path.substr(in_front));
    }
  }
  if (failed) return fail(unreadable_folder(folder, failed));
  std::sort(listed.files.begin(), listed.files.end());
  std::sort(listed.overlooked.begin(), listed.overlooked.end());
  return listed;
}

}  // namespace

Result<std::vector<std::string>> list_revision_files(const config::Settings& settings) {
  std::vector<std::string> paths;
  for (const auto& folder : settings.migrations.value) {
    MIGRATE_TRY_ASSIGN(const auto found, list_files(folder));
    paths.insert(paths.end(), found.files.begin(), found.files.end());
  }
  return paths;
}

Result<Diagnostics> overlooked_files(const config::Settings& settings) {
  Diagnostics warnings;
  for (const auto& folder : settings.migrations.value) {
    MIGRATE_TRY_ASSIGN(const auto found, list_files(folder));
    for (const auto& path : found.overlooked) {
      const std::string meant = path.substr(0, path.size() - 4) + ".sql";
      warnings.push_back(
          warning("overlooked-file", fmt::format("`{}` is not read: its name does not end in `.sql`", path))
              .in_file(path)
              .help(fmt::format("if it is a revision, rename it: mv {} {}", path, meant)));
    }
  }
  return warnings;
}

}  // namespace migrate::ops
