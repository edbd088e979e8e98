// Declares every rule of the list; a rule's own file includes this, which gives its constant a name for the linker.
#pragma once

#include <migrate/rules/rule.hpp>

namespace migrate::rules {

#define MIGRATE_RULE(name) extern const Rule name;
#include "rules/rule_list.inc"
#undef MIGRATE_RULE

}  // namespace migrate::rules
