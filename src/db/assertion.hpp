// Statements that must return true.
#pragma once

#include "db/run_context.hpp"

namespace migrate::db {

// As RunContext::send_statement(); an assertion that does not return true is an error too. It cannot change anything.
Exchange run_or_assert(RunContext& context, std::size_t index, std::string_view before);

}  // namespace migrate::db
