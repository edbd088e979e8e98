/// \file
/// `--sql`: a script for psql that does what the verb would do, with the same lock, guards and journal. No database.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

/// `range`: `A:B`, or `B` for an upgrade from base. A downgrade needs `A:B`.
/// `lint`: the rules judge what the script would run, from the files alone. Errors: their findings (exit code 1).
Result<std::string> upgrade_script(const Context& context, const std::string& range, bool lint = true);
Result<std::string> downgrade_script(const Context& context, const std::string& range);
/// `stamp --sql TARGET...`: the journal of a database that has none.
Result<std::string> stamp_script(const Context& context, const std::vector<std::string>& targets);

}  // namespace migrate::ops
