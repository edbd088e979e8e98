#include "config/known_keys.hpp"

#include <algorithm>

namespace migrate::config {
namespace {

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
    {"safety", "protected", &Settings::protected_target},
};

}  // namespace

std::span<const KnownKey> known_keys() { return keys; }

std::vector<std::string> known_sections() {
  std::vector<std::string> sections;
  for (const auto& known : keys)
    if (std::find(sections.begin(), sections.end(), known.section) == sections.end())
      sections.emplace_back(known.section);
  return sections;
}

std::vector<std::string> keys_of(std::string_view section) {
  std::vector<std::string> names;
  for (const auto& known : keys)
    if (known.section == section) names.emplace_back(known.key);
  return names;
}

const KnownKey* find_key(std::string_view section, std::string_view key) {
  const auto* at = std::find_if(std::begin(keys), std::end(keys), [&](const KnownKey& known) {
    return known.section == section && known.key == key;
  });
  return at == std::end(keys) ? nullptr : at;
}

std::string_view section_with(std::string_view key) {
  const auto* at =
      std::find_if(std::begin(keys), std::end(keys), [&](const KnownKey& known) { return known.key == key; });
  return at == std::end(keys) ? std::string_view{} : at->section;
}

}  // namespace migrate::config
