/// \file
/// Every key that migrate.toml may have. To add a setting is to add a line here, and its place in Settings.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <migrate/config/settings.hpp>

namespace migrate::config {

using Destination =
    std::variant<Setting<std::string> Settings::*, Setting<bool> Settings::*,
                 Setting<std::chrono::milliseconds> Settings::*, Setting<std::vector<std::filesystem::path>> Settings::*>;

struct KnownKey {
  std::string_view section;
  std::string_view key;
  Destination destination;
};

std::span<const KnownKey> known_keys();

/// Each once, in the order of the documentation.
std::vector<std::string> known_sections();
std::vector<std::string> keys_of(std::string_view section);
const KnownKey* find_key(std::string_view section, std::string_view key);
/// The section that has a key of this name; empty if none does.
std::string_view section_with(std::string_view key);

}  // namespace migrate::config
