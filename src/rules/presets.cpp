#include <migrate/rules/judge.hpp>

#include <algorithm>

namespace migrate::rules {

Level Selection::level(const Rule& rule) const {
  const auto found = levels.find(rule.id);
  return found == levels.end() ? rule.level : found->second;
}

std::optional<Selection> preset(std::string_view name) {
  Selection selection;
  for (const Rule* rule : all_rules()) {
    Level level = rule->level;
    if (name == "none") {
      level = Level::off;
    } else if (name == "strict" || name == "guides") {
      level = std::max(rule->level, rule->strict);
    } else if (name != "recommended") {
      return std::nullopt;
    }
    selection.levels.emplace(rule->id, level);
  }
  return selection;
}

}  // namespace migrate::rules
