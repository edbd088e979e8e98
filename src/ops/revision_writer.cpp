#include "ops/revision_writer.hpp"

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/revision/file_name.hpp>

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".sql") paths.push_back(entry->path().lexically_relative(folder).string());
  }
  return paths;
}

}  // namespace

Result<fs::path> path_of_new_revision(const config::Settings& settings, const fs::path& folder,
                                      const revision::NewRevision& revision) {
  MIGRATE_TRY_ASSIGN(const auto file_template, revision::FileNameTemplate::parse(settings.file_template.value));
  const revision::FileNameTemplate::Values values{
      .id = revision.id, .message = revision.message, .date = revision.create_date.value_or(Timestamp{})};
  return folder / file_template.render(values, files_below(folder));
}

Result<void> write_new_file(const fs::path& path, const std::string& text) {
  std::error_code failed;
  if (fs::exists(path, failed)) {
    return fail(error("file-exists", fmt::format("`{}` exists already", path.string()))
                    .in_file(path.string())
                    .help("choose another message, or a file template with {rev} in it"));
  }
  fs::create_directories(path.parent_path(), failed);
  if (failed) {
    return fail(error("unwritable-file",
                      fmt::format("cannot make the folder `{}`: {}", path.parent_path().string(), failed.message())));
  }
  return write_file_atomically(path, text);
}

}  // namespace migrate::ops
