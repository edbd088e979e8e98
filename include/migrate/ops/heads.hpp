/// \file
/// `migrate heads`, `migrate branches`: the ends and the forks of the history. No database.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct HeadLine {
  RevisionSummary revision;
  std::vector<std::string> branches;   ///< labels that reach it
  bool effective = true;               ///< false: another revision depends on it, so it never stands alone in a database
};

struct HeadsOutcome {
  std::vector<HeadLine> heads;
};

/// `resolve_dependencies`: only effective heads, as `alembic heads --resolve-dependencies`.
Result<HeadsOutcome> heads(const Context& context, bool resolve_dependencies);

}  // namespace migrate::ops
