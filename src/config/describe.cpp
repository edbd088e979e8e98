#include <migrate/config/settings.hpp>

#include <cstdint>

#include <fmt/format.h>

#include "config/known_keys.hpp"
#include "config/setting_values.hpp"

namespace migrate::config {
namespace {

using std::chrono::milliseconds;

std::string shown(const std::string& text) { return text; }
std::string shown(bool value) { return value ? "true" : "false"; }
/// As it can be written in the settings file: in the largest unit that needs no second one.
std::string shown(milliseconds duration) {
  constexpr std::pair<std::int64_t, std::string_view> units[] = {{3'600'000, "h"}, {60'000, "min"}, {1000, "s"}};
  const std::int64_t count = duration.count();
  if (count == 0) return "0";
  for (const auto& [size, name] : units)
    if (count % size == 0) return fmt::format("{}{}", count / size, name);
  return fmt::format("{}ms", count);
}
std::string shown(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> names;
  for (const auto& folder : folders) names.push_back(folder.string());
  return fmt::format("{}", fmt::join(names, ", "));
}
std::string shown(std::uint64_t number) { return std::to_string(number); }
std::string shown(Bytes bytes) { return size_text(bytes.count); }
std::string shown(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }
std::string shown(const std::map<std::string, std::string>& words) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : words) pairs.push_back(fmt::format("{}: {}", name, value));
  return shown(pairs);
}
std::string shown(const DatabaseUrl& url) { return masked(url); }
/// Without a connection string libpq finds the database by its own variables.
std::string shown_database(const Setting<DatabaseUrl>& database) {
  const bool by_variables = database.value == DatabaseUrl{} && database.origin != Origin::fallback;
  return by_variables ? "from " + database.where : shown(database.value);
}

class Description {
 public:
  explicit Description(const SecretMask& secrets) : secrets_(secrets) {}

  template <class T>
  void add(std::string name, const Setting<T>& setting) {
    add(std::move(name), shown(setting.value), setting.where);
  }
  void add(std::string name, const std::string& value, std::string where) {
    // Once more over all, for a secret that someone put where none belongs.
    lines_.push_back({std::move(name), secrets_.apply(value), std::move(where)});
  }
  std::vector<SettingLine> take() { return std::move(lines_); }

 private:
  const SecretMask& secrets_;
  std::vector<SettingLine> lines_;
};

void add_lint(Description& description, const LintSettings& lint) {
  for (const auto& known : known_lint_keys())
    std::visit([&](auto member) { description.add(fmt::format("lint.{}", known.key), lint.*member); },
               known.destination);
  for (const auto& rule : lint.rules) description.add("lint.rules." + rule.rule, rule.level, rule.where);
}

void add_naming(Description& description, const NamingSettings& naming) {
  for (const auto& known : known_naming_keys())
    description.add(fmt::format("naming.{}", known.key), naming.*known.destination);
  for (const auto& kind : naming.kinds) {
    std::vector<std::string> templates;
    for (const auto& [text, place] : kind.templates) templates.push_back(text);
    if (!templates.empty()) description.add("naming." + kind.kind, shown(templates), kind.where);
    if (!kind.exceptions.empty())
      description.add(fmt::format("naming.{}.exceptions", kind.kind), shown(kind.exceptions), kind.where);
  }
}

bool is_secret_variable(std::string_view name) { return name == "PGPASSWORD"; }

}  // namespace

std::vector<SettingLine> describe(const Settings& settings) {
  Description description(settings.secrets);
  const bool has_file = !settings.settings_file.empty();
  description.add("settings_file", settings.settings_file.string(), settings.settings_file_from);
  description.add("project_dir", settings.project_dir.string(), has_file ? "settings_file" : "working directory");
  description.add("database", shown_database(settings.database), settings.database.where);
  description.add("direct_url", masked(DatabaseUrl{settings.direct_url.value, false, {}}), settings.direct_url.where);
  description.add("environment", settings.environment);
  description.add("project.id", settings.project);
  description.add("migrations.directory", settings.migrations);
  description.add("migrations.file_template", settings.file_template);
  description.add("journal.schema", settings.version_table_schema);
  description.add("session.role", settings.role);
  description.add("locks.lock_timeout", settings.lock_timeout);
  description.add("locks.retry_for", settings.lock_retry_for);
  description.add("locks.statement_timeout", settings.statement_timeout);
  description.add("locks.migration_lock_timeout", settings.migration_lock_timeout);
  description.add("batches.pause", settings.batch_pause);
  description.add("batches.max_lag", settings.batch_max_lag);
  description.add("wait", settings.wait);
  add_lint(description, settings.lint);
  add_naming(description, settings.naming);
  description.add("safety.protected", settings.protected_target);
  description.add("safety.backup", settings.backup);
  description.add("safety.backup_directory", settings.backup_directory);
  description.add("pg_bin", settings.pg_bin);
  description.add("pg_user", settings.pg_user);
  for (const auto& [name, value] : settings.libpq_environment)
    description.add(name, is_secret_variable(name) ? "***" : value, ".env");
  return description.take();
}

}  // namespace migrate::config
