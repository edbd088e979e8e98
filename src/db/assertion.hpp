// Statements that must return true.
#pragma once

#include "db/run_context.hpp"

namespace migrate::db {

// A part of the transaction that can only read, whatever functions do.
inline constexpr std::string_view enter_assertion =
    "SAVEPOINT migrate_assert;\nSET LOCAL transaction_read_only TO on;\n";
inline constexpr std::string_view leave_assertion =
    "ROLLBACK TO SAVEPOINT migrate_assert;\nRELEASE SAVEPOINT migrate_assert";

// As RunContext::send_statement(); an assertion that does not return true is an error too. It cannot change anything.
Exchange run_or_assert(RunContext& context, std::size_t index, std::string_view before);

}  // namespace migrate::db
