#include "rules/rule_list.hpp"

namespace migrate::rules {

// The engine finds these: see allowances.cpp.
const Rule allowance_without_reason{
    .id = "allowance-without-reason",
    .category = Category::design,
    .level = Level::error,
    .summary = "a rule is allowed to be broken, but nobody says why",
    .scope = Scope::both,
};

}  // namespace migrate::rules
