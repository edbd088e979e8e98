#include <migrate/ops/status.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "ops/look.hpp"
#include "ops/prepared_step.hpp"

namespace migrate::ops {
namespace {

void count_pending(const Standing& standing, StatusOutcome& outcome) {
  const auto pending = standing.pending();
  outcome.pending = lines_of(standing, pending);
  for (const auto node : pending) {
    const auto step = prepare_step(standing, node, db::Direction::up);
    if (step) {
      // Of what is half applied, what is left.
      const auto done = static_cast<std::size_t>(step->steps_done);
      outcome.pending_statements += step->summary.statements - std::min(done, step->summary.statements);
    } else {
      const auto& problems = step.error().diagnostics;
      outcome.unreadable.insert(outcome.unreadable.end(), problems.begin(), problems.end());
    }
  }
}

void sort_drift(const Standing& standing, StatusOutcome& outcome) {
  std::vector<revision::NodeIndex> changed, cosmetic, missing;
  for (const auto& drift : standing.drift) {
    switch (drift.kind) {
      case Drift::Kind::changed: changed.push_back(drift.node); break;
      case Drift::Kind::cosmetic: cosmetic.push_back(drift.node); break;
      case Drift::Kind::missing: missing.push_back(drift.node); break;
    }
  }
  outcome.changed = lines_of(standing, changed);
  outcome.cosmetic = lines_of(standing, cosmetic);
  outcome.missing = lines_of(standing, missing);
}

/// What a careful person would type next.
std::vector<std::string> next_commands(const StatusOutcome& outcome) {
  std::vector<std::string> next;
  if (outcome.lock_holder) return {"migrate lock status"};
  if (!outcome.unfinished.empty()) next.push_back("migrate resume");
  if (!outcome.changed.empty() || !outcome.missing.empty() || !outcome.unreadable.empty()) {
    next.push_back("migrate check");
  }
  if (!next.empty()) return next;
  if (outcome.heads.empty() && outcome.current.empty()) return {"migrate revision -m \"...\""};
  if (outcome.heads_diverge) next.push_back("migrate merge heads");
  if (outcome.pending.empty()) return next;
  if (outcome.database_has_tables) next.push_back("migrate stamp REV");
  next.push_back(outcome.heads.size() > 1 ? "migrate plan heads" : "migrate plan");
  return next;
}

}  // namespace

Result<StatusOutcome> status(const Context& context) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(Look found, look(context, history));
  const Standing& standing = found.standing;

  StatusOutcome outcome;
  outcome.database = found.connection.session.info();
  outcome.journal_exists = standing.journal.exists;
  outcome.database_has_tables = standing.journal.database_has_tables;
  outcome.current = lines_of(standing, standing.current());
  outcome.heads = lines_of(history, history.graph().heads());
  outcome.heads_diverge = unnamed_heads(history.graph()).size() > 1;
  outcome.unfinished = lines_of(standing, standing.unfinished);
  MIGRATE_TRY_ASSIGN(outcome.lock_holder,
                     db::MigrationLock::holder(found.connection.session, found.connection.journal.schema()));
  outcome.files = history.files().size();
  count_pending(standing, outcome);
  sort_drift(standing, outcome);
  outcome.now = context.now();
  outcome.next = next_commands(outcome);
  return outcome;
}

}  // namespace migrate::ops
