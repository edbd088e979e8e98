// Materialized views that are populated. In a copy of the schema they are not, and statements about them would fail for
// no fault of theirs.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

struct PopulatedView {
  std::string name;      // as SQL names it
  bool foreign = false;  // it reads a foreign table: its rows are another server's
};

// Those that others read come first.
Result<std::vector<PopulatedView>> read_populated_views(db::Session& session);

// Where one can't be populated, a warning says so: `copy-unpopulated`.
void populate(const Context& context, db::Session& copy, const std::vector<PopulatedView>& views);

}  // namespace migrate::ops
