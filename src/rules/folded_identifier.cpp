#include <fmt/format.h>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

// Capitals for a whole name, or at its begin, are a manner of writing; inside they were meant to be seen.
bool has_humps(std::string_view word) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const bool lower_before = word[i - 1] >= 'a' && word[i - 1] <= 'z';
    if (lower_before && word[i] >= 'A' && word[i] <= 'Z') return true;
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  for (const auto& name : new_names(site)) {
    if (name.range.empty()) continue;
    const std::string_view written = site.text(name.range);
    if (written.front() == '"' || !has_humps(written)) continue;
    auto finding =
        site.finding(name.range, fmt::format("`{}` is stored as `{}`", written, name.name), "no quotes around it");
    finding.diagnostic = std::move(finding.diagnostic).help(fmt::format("write `{}`", snake_case_of(written)));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule folded_identifier{
    .id = "folded-identifier",
    .category = Category::naming,
    .level = Level::warning,
    .summary = "a name in mixed case without quotes, which the server stores in lower case",
    .check_statement = check,
};

}  // namespace migrate::rules
