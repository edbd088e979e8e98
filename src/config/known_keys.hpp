/// \file
/// Every key that migrate.toml may have. To add a setting is to add a line here, and its place in Settings.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <migrate/config/settings.hpp>

namespace migrate::config {

using Destination = std::variant<Setting<std::string> Settings::*, Setting<bool> Settings::*,
                                 Setting<std::chrono::milliseconds> Settings::*,
                                 Setting<std::vector<std::filesystem::path>> Settings::*>;

struct KnownKey {
  std::string_view section;
  std::string_view key;
  Destination destination;
  std::span<const std::string_view> choices = {};  ///< of a text; empty: any
};

std::span<const KnownKey> known_keys();

using LintDestination =
    std::variant<PlacedSetting<std::string> LintSettings::*, PlacedSetting<std::vector<std::string>> LintSettings::*,
                 PlacedSetting<std::uint64_t> LintSettings::*, PlacedSetting<Bytes> LintSettings::*,
                 PlacedSetting<std::map<std::string, std::string>> LintSettings::*>;

/// [lint] but for its section `rules`, and [naming] but for its kinds.
struct KnownLintKey {
  std::string_view key;
  LintDestination destination;
};
struct KnownNamingKey {
  std::string_view key;
  PlacedSetting<std::string> NamingSettings::*destination;
};
std::span<const KnownLintKey> known_lint_keys();
std::span<const KnownNamingKey> known_naming_keys();

/// Each once, in the order of the documentation.
std::vector<std::string> known_sections();
std::vector<std::string> keys_of(std::string_view section);
const KnownKey* find_key(std::string_view section, std::string_view key);
/// The section that has a key of this name; empty if none does.
std::string_view section_with(std::string_view key);

}  // namespace migrate::config
