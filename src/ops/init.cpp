#include <migrate/ops/init.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/config/edit_settings.hpp>
#include <migrate/revision/file_name.hpp>

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view settings_text =
    R"toml(# Settings of migrate. Secrets never stand here: the database comes from DATABASE_URL or .env.

[project]
# Guards against the wrong database: a journal that another project wrote is refused.
id = {}

[migrations]
directory = {}
# A preset (timestamp, sequence, date-sequence, alembic) or a template like "{{date:%Y%m%d%H%M%S}}_{{slug}}".
file_template = {}

[locks]
# How long a statement waits for a table's lock before it lets others pass and tries again.
lock_timeout = "2s"
)toml";

constexpr std::string_view environment_text =
    R"env(# The database. `embedded:` is a private PostgreSQL that migrate starts by itself in .migrate/.
# DATABASE_URL=postgresql://app@localhost:5432/app_dev
DATABASE_URL=embedded:

# development, test or production: embedded: is refused in production, and losing data asks first.
# MIGRATE_ENV=development
)env";

// Revision files are hashed: git must not change their line ends.
constexpr std::string_view attributes = "text eol=lf";

// The folder's files for .gitattributes. A pattern with a blank stands in quotes, as in C; what is special in a pattern
// has a backslash.
std::string git_pattern(const std::string& folder) {
  std::string pattern;
  const fs::path place = fs::path(folder).lexically_normal() / "";  // "./db" and "db/" are both "db/"
  for (const char c : place == "./" ? std::string() : place.string()) {
    const bool special = c == '\\' || c == '*' || c == '?' || c == '[' || (c == '!' && pattern.empty());
    if (special) pattern += '\\';
    pattern += c;
  }
  pattern += "**/*.sql";
  if (pattern.find_first_of(" \"#") == std::string::npos) return pattern;
  std::string quoted = "\"";
  for (const char c : pattern) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

class Maker {
 public:
  Maker(fs::path root, fs::path as_named) : root_(std::move(root)), as_named_(std::move(as_named)) {}

  Result<void> folder(const std::string& name, const std::string& purpose) {
    std::error_code failed;
    const bool there = fs::is_directory(root_ / name, failed);
    if (!there) fs::create_directories(root_ / name, failed);
    if (failed) {
      return fail(error("unwritable-file", fmt::format("cannot make the folder `{}`: {}", name, failed.message())));
    }
    outcome_.items.push_back({shown(name + "/"), purpose, !there});
    return {};
  }

  Result<void> file(const std::string& name, const std::string& purpose, std::string_view text) {
    std::error_code failed;
    const bool there = fs::exists(root_ / name, failed);
    if (!there) MIGRATE_TRY(write_file_atomically(root_ / name, text));
    outcome_.items.push_back({shown(name), purpose, !there});
    return {};
  }

  /// Adds the lines that are not there yet.
  Result<void> lines(const std::string& name, const std::string& purpose, const std::vector<std::string>& wanted) {
    std::string text;
    std::error_code failed;
    if (fs::exists(root_ / name, failed)) {
      MIGRATE_TRY_ASSIGN(text, read_file(root_ / name));
    }
    bool changed = false;
    for (const auto& line : wanted) {
      const auto present = split(text, '\n');
      if (std::any_of(present.begin(), present.end(), [&](std::string_view one) { return trim(one) == line; }))
        continue;
      if (!text.empty() && !text.ends_with('\n')) text += '\n';
      text += line + "\n";
      changed = true;
    }
    if (changed) MIGRATE_TRY(write_file_atomically(root_ / name, text));
    outcome_.items.push_back({shown(name), purpose, changed});
    return {};
  }

  InitOutcome outcome() { return std::move(outcome_); }

 private:
  // From where the user stands.
  [[nodiscard]] std::string shown(const std::string& name) const {
    return (as_named_ / name).lexically_normal().string();
  }

  fs::path root_;
  fs::path as_named_;
  InitOutcome outcome_;
};

}  // namespace

Result<InitOutcome> init(const InitOptions& options) {
  MIGRATE_TRY(revision::FileNameTemplate::parse(options.file_template));
  std::error_code failed;
  const fs::path root =
      fs::weakly_canonical(options.directory.empty() ? fs::current_path() : options.directory, failed);
  std::string project = options.project.empty() ? slugify(root.filename().string()) : options.project;
  if (project.empty()) project = "app";
  const std::string settings =
      fmt::format(fmt::runtime(settings_text), config::toml_text(project), config::toml_text(options.migrations),
                  config::toml_text(options.file_template));
  MIGRATE_TRY(config::check_settings_text(make_source("migrate.toml", settings)));
  fs::create_directories(root, failed);
  if (failed) {
    return fail(
        error("unwritable-file", fmt::format("cannot make the folder `{}`: {}", root.string(), failed.message())));
  }

  Maker maker(root, options.directory);
  MIGRATE_TRY(maker.folder(options.migrations, "revision files"));
  MIGRATE_TRY(maker.file("migrate.toml", "settings", settings));
  MIGRATE_TRY(maker.file(".env.example", "the environment, to copy", environment_text));
  MIGRATE_TRY(maker.file(".env", "this machine's environment: the embedded PostgreSQL", environment_text));
  MIGRATE_TRY(maker.lines(".gitignore", "keeps .env and .migrate/ out of git", {".env", ".migrate/"}));
  MIGRATE_TRY(maker.lines(".gitattributes", "keeps line ends as they are",
                          {fmt::format("{} {}", git_pattern(options.migrations), attributes)}));
  auto outcome = maker.outcome();
  outcome.directory = options.directory.lexically_normal().string();
  return outcome;
}

}  // namespace migrate::ops
