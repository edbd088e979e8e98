// Statements that only the server can judge.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>

#include "ops/lint/docket.hpp"

namespace migrate::ops {

// Those of the docket's upgrades that the parser doesn't know are tried on clones of their tables, as the tables are
// now: what an earlier statement of the run makes is not there yet, and stays unknown. Errors: those of db::probe.
Result<Trials> try_unknown(db::Session& session, const Docket& docket);

}  // namespace migrate::ops
