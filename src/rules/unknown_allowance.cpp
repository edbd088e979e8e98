#include "rules/rule_list.hpp"

namespace migrate::rules {

// The engine finds these: see allowances.cpp.
const Rule unknown_allowance{
    .id = "unknown-allowance",
    .category = Category::design,
    .level = Level::error,
    .summary = "a rule is allowed to be broken that does not exist",
    .scope = Scope::both,
};

}  // namespace migrate::rules
