#include <migrate/ops/import.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/config/edit_settings.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/ops/history.hpp>

#include "ops/import/format.hpp"
#include "ops/revision_writer.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

/// Other tools keep no dates: an imported file is named after its id, whatever the project's own template is.
fs::path path_of(const fs::path& folder, const revision::NewRevision& revision) {
  return folder / fmt::format("{}_{}.sql", revision.id.str(), slugify(revision.message));
}

Result<const foreign::Format*> choose_format(const std::string& name) {
  if (const auto* format = foreign::find_format(name)) return format;
  auto unknown = error("unknown-import-format", fmt::format("there is no import format `{}`", name));
  const auto names = import_formats();
  if (const auto meant = nearest(name, names))
    unknown = std::move(unknown).help(fmt::format("did you mean `{}`?", *meant));
  return fail(std::move(unknown).help("the formats are: " + join_with_and(names)));
}

Result<std::vector<foreign::ForeignFile>> read_folder(const fs::path& folder, const foreign::Format& format) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    return fail(error("nothing-to-import", fmt::format("`{}` is not a folder", folder.string()))
                    .help("name the folder that holds the other tool's migrations"));
  }
  std::vector<foreign::ForeignFile> files;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!format.owns(name)) continue;
    MIGRATE_TRY_ASSIGN(std::string text, read_file(entry->path()));
    files.push_back({entry->path().string(), std::move(text)});
  }
  if (failed) {
    return fail(
        error("unreadable-file", fmt::format("cannot read the folder `{}`: {}", folder.string(), failed.message())));
  }
  if (files.empty()) {
    return fail(error("nothing-to-import", fmt::format("`{}` holds no migration of {}", folder.string(), format.name))
                    .help(fmt::format("{} looks like this: {}", format.name, format.description)));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

Result<fs::path> empty_folder(const Context& context) {
  const fs::path& folder = context.settings.migrations.value.front();
  std::error_code failed;
  if (!fs::exists(folder, failed)) return folder;
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  if (history.graph().empty()) return folder;
  return fail(error("history-not-empty",
                    fmt::format("`{}` holds {} already", folder.string(), plural(history.graph().size(), "revision")))
                  .help("import into an empty folder: --dir FOLDER"));
}

/// All or none: what was written goes away again where a later file cannot be.
Result<void> write_all(const std::vector<std::pair<fs::path, std::string>>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto written = write_new_file(files[i].first, files[i].second);
    if (written) continue;
    std::error_code ignored;
    for (std::size_t j = 0; j < i; ++j) fs::remove(files[j].first, ignored);
    return written;
  }
  return {};
}

/// Whether the project finds its revisions in `folder` without --dir.
bool is_of_project(const config::Settings& settings, const fs::path& folder) {
  if (settings.migrations.origin != config::Origin::flag) return true;
  config::Flags flags;
  if (!settings.settings_file.empty()) flags.settings_file = fs::absolute(settings.settings_file);
  const auto without_dir = config::load_settings(flags, {}, fs::current_path());
  if (!without_dir) return false;
  const auto normal = [](const fs::path& path) {
    std::error_code ignored;
    const auto result = fs::weakly_canonical(fs::absolute(path), ignored);
    return result.has_filename() ? result : result.parent_path();
  };
  const auto& named = without_dir->settings.migrations.value;
  return std::any_of(named.begin(), named.end(), [&](const fs::path& one) { return normal(one) == normal(folder); });
}

/// A `start_after` that names revisions of a folder that is not read would break every later command.
Diagnostic outside_project(const fs::path& folder) {
  return warning("outside-project",
                 fmt::format("`{}` is none of the project's migrations folders: `[lint] start_after` "
                             "was not written",
                             folder.string()))
      .help("name it in `[migrations] directory` of migrate.toml, or with --dir each time");
}

/// What was applied elsewhere long ago is not judged by rules that nobody knew then. The files are written already: a
/// settings file that can't be edited is no reason to take them back.
void write_baseline(const Context& context, ImportOutcome& outcome) {
  const auto& settings = context.settings;
  const fs::path path = settings.settings_file.empty() ? settings.project_dir / "migrate.toml" : settings.settings_file;
  const std::string shown = path.lexically_proximate(fs::current_path()).string();
  const std::string& last = outcome.revisions.back().id.str();
  const auto write = [&]() -> Result<void> {
    std::error_code ignored;
    std::string text;
    if (fs::exists(path, ignored)) {
      MIGRATE_TRY_ASSIGN(text, read_file(path));
    }
    MIGRATE_TRY_ASSIGN(const std::string edited, config::with_start_after(make_source(shown, std::move(text)), {last}));
    return write_file_atomically(path, edited);
  };
  auto written = write();
  if (written) {
    outcome.baseline = shown;
    return;
  }
  for (auto& problem : written.error().diagnostics) {
    problem.severity = Severity::warning;
    context.observer.warning(
        std::move(problem).note("the rules judge the imported revisions until they are told not to"));
  }
}

}  // namespace

std::vector<std::string> import_formats() {
  std::vector<std::string> names;
  for (const auto& format : foreign::formats()) names.emplace_back(format.name);
  return names;
}

Result<ImportOutcome> import(const Context& context, const std::string& name, const fs::path& folder) {
  MIGRATE_TRY_ASSIGN(const auto* format, choose_format(name));
  MIGRATE_TRY_ASSIGN(const fs::path target, empty_folder(context));
  MIGRATE_TRY_ASSIGN(const auto files, read_folder(folder, *format));
  MIGRATE_TRY_ASSIGN(const auto converted, format->convert(files));

  ImportOutcome outcome;
  std::vector<std::pair<fs::path, std::string>> rendered;
  for (const auto& revision : converted.revisions) {
    const fs::path path = path_of(target, revision);
    rendered.emplace_back(path, revision::render_revision(revision));
    outcome.revisions.push_back({.id = revision.id, .message = revision.message, .path = path.string()});
    if (revision.irreversible) ++outcome.irreversible;
  }
  MIGRATE_TRY(write_all(rendered));
  if (!is_of_project(context.settings, target)) {
    context.observer.warning(outside_project(target));
  } else if (!outcome.revisions.empty()) {
    write_baseline(context, outcome);
  }
  for (const auto& notice : converted.notices) context.observer.warning(notice);
  return outcome;
}

}  // namespace migrate::ops
