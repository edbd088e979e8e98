#include "config/known_keys.hpp"

#include <algorithm>

namespace migrate::config {
namespace {

constexpr std::string_view backup_times[] = {"off", "auto", "always"};

constexpr KnownKey keys[] = {
    {"project", "id", &Settings::project},
    {"migrations", "directory", &Settings::migrations},
    {"migrations", "file_template", &Settings::file_template},
    {"journal", "schema", &Settings::version_table_schema},
    {"session", "role", &Settings::role},
    {"locks", "lock_timeout", &Settings::lock_timeout},
    {"locks", "retry_for", &Settings::lock_retry_for},
    {"locks", "statement_timeout", &Settings::statement_timeout},
    {"locks", "migration_lock_timeout", &Settings::migration_lock_timeout},
    {"batches", "pause", &Settings::batch_pause},
    {"batches", "max_lag", &Settings::batch_max_lag},
    {"safety", "protected", &Settings::protected_target},
    {"safety", "backup", &Settings::backup, backup_times},
    {"safety", "backup_directory", &Settings::backup_directory},
};

constexpr KnownLintKey lint_keys[] = {
    {"preset", &LintSettings::preset},
    {"start_after", &LintSettings::start_after},
    {"minimum_version", &LintSettings::minimum_version},
    {"small_table", &LintSettings::small_table},
    {"large_change_rows", &LintSettings::large_change_rows},
    {"wide_index_columns", &LintSettings::wide_index_columns},
    {"money_words", &LintSettings::money_words},
    {"category_words", &LintSettings::category_words},
    {"timestamp_columns", &LintSettings::timestamp_columns},
    {"soft_delete_column", &LintSettings::soft_delete_column},
    {"primary_key_types", &LintSettings::primary_key_types},
    {"forbidden_types", &LintSettings::forbidden_types},
};

constexpr KnownNamingKey naming_keys[] = {
    {"preset", &NamingSettings::preset},
    {"identifier", &NamingSettings::identifier},
    {"unnamed", &NamingSettings::unnamed},
    {"plural_tables", &NamingSettings::plural_tables},
};

}  // namespace

std::span<const KnownLintKey> known_lint_keys() { return lint_keys; }
std::span<const KnownNamingKey> known_naming_keys() { return naming_keys; }

std::span<const KnownKey> known_keys() { return keys; }

std::vector<std::string> known_sections() {
  std::vector<std::string> sections;
  for (const auto& known : keys)
    if (std::find(sections.begin(), sections.end(), known.section) == sections.end())
      sections.emplace_back(known.section);
  sections.insert(sections.end(), {"lint", "naming"});
  return sections;
}

std::vector<std::string> keys_of(std::string_view section) {
  std::vector<std::string> names;
  for (const auto& known : keys)
    if (known.section == section) names.emplace_back(known.key);
  if (section == "lint") {
    for (const auto& known : lint_keys) names.emplace_back(known.key);
    names.emplace_back("rules");
  }
  if (section == "naming")
    for (const auto& known : naming_keys) names.emplace_back(known.key);
  return names;
}

const KnownKey* find_key(std::string_view section, std::string_view key) {
  const auto* at = std::find_if(std::begin(keys), std::end(keys),
                                [&](const KnownKey& known) { return known.section == section && known.key == key; });
  return at == std::end(keys) ? nullptr : at;
}

std::string_view section_with(std::string_view key) {
  const auto is_it = [&](const auto& known) { return known.key == key; };
  if (const auto* at = std::find_if(std::begin(keys), std::end(keys), is_it); at != std::end(keys)) return at->section;
  if (std::any_of(std::begin(lint_keys), std::end(lint_keys), is_it)) return "lint";
  return std::any_of(std::begin(naming_keys), std::end(naming_keys), is_it) ? "naming" : "";
}

}  // namespace migrate::config
