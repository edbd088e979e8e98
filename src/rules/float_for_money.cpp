#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

// With one of these a "total" or a "cost" counts something else.
constexpr std::array<std::string_view, 32> other_measures{
    "rate",  "ratio", "percent",  "percentage", "pct",     "factor",      "seconds",     "second",
    "ms",    "time",  "duration", "count",      "weight",  "score",       "distance",    "bytes",
    "size",  "hours", "days",     "minutes",    "latency", "memory",      "cpu",         "rows",
    "index", "units", "points",   "volume",     "length",  "probability", "temperature", "energy"};

bool is_money(std::string_view column, const std::vector<std::string>& money_words) {
  const auto words = split(column, '_');
  const bool measures = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return std::find(other_measures.begin(), other_measures.end(), word) != other_measures.end();
  });
  if (measures) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = singular_of(words[i]);
    const bool known = std::find(money_words.begin(), money_words.end(), word) != money_words.end();
    // total_price is money by its price; total_height is not.
    if (known && (word != "total" || i + 1 == words.size())) return true;
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  for (const auto& spot : new_types(site)) {
    if ((!spot.is("float4") && !spot.is("float8")) || !is_money(spot.column, site.options.money_words)) continue;
    findings.push_back(type_finding(
        site, spot, fmt::format("`{}` sounds like money, and is rounded in binary", spot.column), "numeric"));
  }
}

}  // namespace

const Rule float_for_money{
    .id = "float-for-money",
    .category = Category::types,
    .level = Level::warning,
    .summary = "money in a column of type real or double precision",
    .check_statement = check,
    .strict = Level::error,
};

}  // namespace migrate::rules
