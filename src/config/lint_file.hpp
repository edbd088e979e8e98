/// \file
/// The sections [lint] and [naming] of migrate.toml.
#pragma once

#include <functional>
#include <string>

#include <toml++/toml.h>

#include <migrate/config/lint_settings.hpp>

#include "config/setting_values.hpp"

namespace migrate::config {

/// The file that they stand in.
struct LintFile {
  const ValueReader& values;
  Report report;
  std::function<Place(const toml::source_region&)> place;
  std::function<std::string(const toml::key&)> where;
  std::function<void(const toml::node&)> hide;  ///< of a key that nobody knows
};

void read_lint(const LintFile& file, const toml::table& section, LintSettings& settings);
void read_naming(const LintFile& file, const toml::table& section, NamingSettings& settings);

}  // namespace migrate::config
