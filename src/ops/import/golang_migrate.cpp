#include "ops/import/golang_migrate.hpp"

#include <algorithm>
#include <compare>
#include <optional>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ops/import/foreign_script.hpp"

namespace migrate::ops::foreign {
namespace {

constexpr std::string_view no_downgrade = "no downgrade in the imported history";

// A number of any length.
struct Version {
  std::string_view digits;  // as written

  [[nodiscard]] std::string_view significant() const {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
  }
  std::strong_ordering operator<=>(const Version& other) const {
    const auto by_length = significant().size() <=> other.significant().size();
    return by_length != 0 ? by_length : significant() <=> other.significant();
  }
  bool operator==(const Version& other) const { return significant() == other.significant(); }
};

enum class Direction { up, down };

struct FileName {
  Version version;
  std::string_view name;
  Direction direction;
};

std::string_view without_folder(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<FileName> parse_file_name(std::string_view path) {
  std::string_view name = without_folder(path);
  const auto digits = std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits == 0 || digits == name.size() || name[digits] != '_') return std::nullopt;
  const Version version{name.substr(0, digits)};
  name.remove_prefix(digits + 1);
  for (const auto& [suffix, direction] :
       {std::pair<std::string_view, Direction>{".up.sql", Direction::up}, {".down.sql", Direction::down}}) {
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    return FileName{version, name, direction};
  }
  return std::nullopt;
}

struct Migration {
  FileName name;
  const ForeignFile* up = nullptr;
  const ForeignFile* down = nullptr;
};

Diagnostic duplicate_version(Version version, const ForeignFile& first, const ForeignFile& second) {
  return error("duplicate-version",
               fmt::format("two files of version {}: `{}` and `{}`", version.significant(), first.name, second.name))
      .in_file(second.name)
      .help("join the two, or give one another number");
}

std::vector<Migration> collect(std::span<const ForeignFile> files, Diagnostics& problems) {
  std::vector<std::pair<FileName, const ForeignFile*>> named;
  for (const auto& file : files) {
    if (const auto name = parse_file_name(file.name)) named.emplace_back(*name, &file);
  }
  // The up file of a version comes first: it gives the migration its name.
  std::stable_sort(named.begin(), named.end(), [](const auto& a, const auto& b) {
    if (a.first.version != b.first.version) return a.first.version < b.first.version;
    if (a.first.direction != b.first.direction) return a.first.direction < b.first.direction;
    return a.second->name < b.second->name;
  });
  std::vector<Migration> migrations;
  for (const auto& [name, file] : named) {
    if (migrations.empty() || migrations.back().name.version != name.version) migrations.push_back({name});
    auto& place = name.direction == Direction::up ? migrations.back().up : migrations.back().down;
    if (place) problems.push_back(duplicate_version(name.version, *place, *file));
    place = file;
  }
  return migrations;
}

std::string to_message(const FileName& name) {
  std::string message(name.name);
  std::replace(message.begin(), message.end(), '_', ' ');
  message = trim(message);
  return message.empty() ? fmt::format("migration {}", name.version.digits) : message;
}

// `migrate create` numbers by the time, YYYYMMDDhhmmss, unless told otherwise.
std::optional<Timestamp> to_create_date(Version version) {
  const std::string_view digits = version.digits;
  if (digits.size() != 14) return std::nullopt;
  return parse_timestamp(fmt::format("{}-{}-{}T{}:{}:{}Z", digits.substr(0, 4), digits.substr(4, 2),
                                     digits.substr(6, 2), digits.substr(8, 2), digits.substr(10, 2),
                                     digits.substr(12, 2)));
}

// An empty script where there is no file.
Script read(const ForeignFile* file, ConvertedHistory& history, Diagnostics& problems) {
  if (!file) return {};
  auto script = read_script(*file);
  if (!script) {
    auto& found = script.error().diagnostics;
    std::move(found.begin(), found.end(), std::back_inserter(problems));
    return {};
  }
  std::move(script->notices.begin(), script->notices.end(), std::back_inserter(history.notices));
  return *std::move(script);
}

std::string upgrade_of(const Script& script) {
  if (script.has_statements) return script.sql;
  std::string sql = script.sql;
  if (!sql.empty() && sql.back() != '\n') sql += '\n';
  return sql + "-- The imported migration has no statement, and a revision needs one.\nSELECT 1;\n";
}

revision::NewRevision convert(const Migration& migration, ConvertedHistory& history, Diagnostics& problems) {
  revision::NewRevision revision;
  revision.id = revision::RevisionId(std::string(migration.name.version.digits));
  revision.message = to_message(migration.name);
  revision.create_date = to_create_date(migration.name.version);
  if (!history.revisions.empty()) revision.parents.push_back(history.revisions.back().id);

  if (!migration.up) {
    history.notices.push_back(warning("missing-upgrade-file", fmt::format("version {} has a downgrade but no upgrade",
                                                                          migration.name.version.digits))
                                  .in_file(migration.down->name));
  }
  revision.upgrade_sql = upgrade_of(read(migration.up, history, problems));
  const Script down = read(migration.down, history, problems);
  if (down.has_statements) {
    revision.downgrade_sql = down.sql;
  } else {
    std::string reason(no_downgrade);
    if (!down.comments.empty()) reason += ": " + down.comments;
    revision.irreversible = revision::Irreversible{std::move(reason)};
  }
  return revision;
}

}  // namespace

bool is_golang_migrate_file(std::string_view file_name) { return parse_file_name(file_name).has_value(); }

Result<ConvertedHistory> convert_golang_migrate(std::span<const ForeignFile> files) {
  Diagnostics problems;
  ConvertedHistory history;
  for (const Migration& migration : collect(files, problems)) {
    history.revisions.push_back(convert(migration, history, problems));
  }
  if (!problems.empty()) return fail(Failure(std::move(problems)));
  return history;
}

}  // namespace migrate::ops::foreign
