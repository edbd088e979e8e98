/// \file
/// `--sql`: a script for psql that does what the verb would do, with the same lock, guards and journal. No database.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

struct ScriptOptions {
  bool lint = true;                 ///< the rules judge what an upgrade would run, from the files alone
  bool single_transaction = false;  ///< all revisions in one
};

/// `range`: `A:B`, or `B` for an upgrade from base. A downgrade needs `A:B`. B may count from A.
/// Errors: the findings of the rules (exit code 1), `needs-database`, `cannot-run-in-one-transaction`.
Result<std::string> upgrade_script(const Context& context, const std::string& range, const ScriptOptions& options = {});
Result<std::string> downgrade_script(const Context& context, const std::string& range,
                                     const ScriptOptions& options = {});
/// `stamp --sql TARGET...`: the journal of a database that has none; with `purge`, of one whose journal is emptied
/// first. Errors: `needs-database`, where the targets leave nothing to write.
Result<std::string> stamp_script(const Context& context, const std::vector<std::string>& targets, bool purge = false);

}  // namespace migrate::ops
