#include "rules/rule_list.hpp"

namespace migrate::rules {

// The engine finds these: see allowances.cpp.
const Rule unused_allowance{
    .id = "unused-allowance",
    .category = Category::design,
    .level = Level::warning,
    .summary = "a rule is allowed to be broken that is not broken there",
    .scope = Scope::both,
};

}  // namespace migrate::rules
