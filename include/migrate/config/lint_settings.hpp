/// \file
/// [lint] and [naming] of migrate.toml as they are written. What their words mean, the rules know: see ops.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <migrate/config/setting.hpp>

namespace migrate::config {

struct Bytes {
  std::uint64_t count = 0;
  bool operator==(const Bytes&) const = default;
};

/// One line of [lint.rules].
struct RuleSetting {
  std::string rule, level;
  Place rule_place, level_place;
  std::string where;
};

struct LintSettings {
  PlacedSetting<std::string> preset{{"recommended"}, {}};
  PlacedSetting<std::vector<std::string>> start_after;  ///< revisions up to these are not judged
  std::vector<RuleSetting> rules;
  PlacedSetting<Bytes> small_table{{{10ULL << 20}}, {}};
  PlacedSetting<std::uint64_t> large_change_rows{{10'000}, {}};
  PlacedSetting<std::uint64_t> wide_index_columns{{3}, {}};
  PlacedSetting<std::vector<std::string>> money_words{
      {{"price", "amount", "cost", "total", "balance", "fee", "tax", "salary"}}, {}};
  PlacedSetting<std::vector<std::string>> category_words{
      {{"status", "state", "type", "kind", "category", "role", "level"}}, {}};
  PlacedSetting<std::vector<std::string>> timestamp_columns{{{"created_at", "updated_at"}}, {}};
  PlacedSetting<std::string> soft_delete_column{{"deleted_at"}, {}};
  PlacedSetting<std::vector<std::string>> primary_key_types{{{"uuid", "int8"}}, {}};
  PlacedSetting<std::map<std::string, std::string>> forbidden_types;  ///< a type, and what to use instead
  PlacedSetting<std::uint64_t> minimum_version{{14}, {}};
};

/// [naming.KIND]: what names of a kind look like.
struct NamingKindSetting {
  std::string kind;
  Place place;
  std::string where;
  std::vector<std::pair<std::string, Place>> templates;  ///< `template`, or those of `any_of`
  std::vector<std::string> exceptions;
};

struct NamingSettings {
  PlacedSetting<std::string> preset{{"prefixed"}, {}};
  /// Unset: as the preset has it.
  PlacedSetting<std::string> identifier{{{}, Origin::fallback, "preset"}, {}};
  PlacedSetting<std::string> unnamed{{{}, Origin::fallback, "preset"}, {}};
  PlacedSetting<std::string> plural_tables{{{}, Origin::fallback, "preset"}, {}};
  std::vector<NamingKindSetting> kinds;
};

}  // namespace migrate::config
