#include <algorithm>
#include <vector>

#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

std::vector<const Rule*> sorted_rules() {
  std::vector<const Rule*> rules{
#define MIGRATE_RULE(name) &(name),
#include "rules/rule_list.inc"
#undef MIGRATE_RULE
  };
  std::sort(rules.begin(), rules.end(), [](const Rule* a, const Rule* b) { return a->id < b->id; });
  return rules;
}

}  // namespace

std::span<const Rule* const> all_rules() {
  static const std::vector<const Rule*> rules = sorted_rules();
  return rules;
}

const Rule* find_rule(std::string_view id) {
  const auto rules = all_rules();
  const auto at = std::lower_bound(rules.begin(), rules.end(), id,
                                   [](const Rule* rule, std::string_view wanted) { return rule->id < wanted; });
  return at != rules.end() && (*at)->id == id ? *at : nullptr;
}

std::string_view to_text(Category category) {
  switch (category) {
    case Category::locking: return "locking";
    case Category::rewrite: return "rewrite";
    case Category::data_loss: return "data loss";
    case Category::compatibility: return "compatibility";
    case Category::transaction: return "transaction";
    case Category::naming: return "naming";
    case Category::types: return "types";
    case Category::design: return "design";
  }
  return "";
}

std::string_view to_text(Level level) {
  switch (level) {
    case Level::off: return "off";
    case Level::note: return "note";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "";
}

}  // namespace migrate::rules
