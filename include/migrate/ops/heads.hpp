/// \file
/// `migrate heads`: the ends of the history. No database.
#pragma once

#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/revision_line.hpp>

namespace migrate::ops {

struct HeadsOutcome {
  std::vector<RevisionLine> heads;
};

/// `resolve_dependencies`: only effective heads, as `alembic heads --resolve-dependencies`.
Result<HeadsOutcome> heads(const Context& context, bool resolve_dependencies);

}  // namespace migrate::ops
