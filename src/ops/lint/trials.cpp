#include "ops/lint/trials.hpp"

#include <migrate/db/probe.hpp>

namespace migrate::ops {

Result<Trials> try_unknown(db::Session& session, const Docket& docket) {
  Trials trials;
  for (const std::string_view statement : docket.unknown()) {
    if (trials.contains(statement)) continue;
    MIGRATE_TRY_ASSIGN(const auto told, db::probe(session, statement));
    if (told) trials.emplace(statement, rules::Trial{told->rewrites, told->scans, told->builds_index});
  }
  return trials;
}

}  // namespace migrate::ops
