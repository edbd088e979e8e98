#include <migrate/ops/stamp.hpp>

#include <fmt/format.h>

#include <migrate/ops/connection.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/target.hpp>

#include "ops/decide.hpp"
#include "ops/guards.hpp"
#include "ops/take_lock.hpp"

namespace migrate::ops {
namespace {

Result<std::vector<revision::Target>> parse_targets(const std::vector<std::string>& texts) {
  std::vector<revision::Target> targets;
  for (const auto& text : texts) {
    MIGRATE_TRY_ASSIGN(auto target, revision::parse_target(text));
    targets.push_back(std::move(target));
  }
  return targets;
}

/// What is to be written, and its account.
struct Change {
  std::vector<db::JournalEntry> added;
  std::vector<revision::RevisionId> removed;
};

Result<Change> compare(const Standing& standing, const revision::Graph::Set& wanted, bool purge,
                       StampOutcome& outcome) {
  Change change;
  for (std::uint32_t i = 0; i < standing.history.graph().size(); ++i) {
    const revision::NodeIndex node{i};
    const auto* row = standing.row(node);
    const bool whole = row && row->state == db::RevisionState::applied;
    if (wanted[i] && (!whole || purge)) {
      MIGRATE_TRY_ASSIGN(auto entry, journal_entry(standing.history, node));
      change.added.push_back(std::move(entry));
      (whole ? outcome.rewritten : outcome.added).push_back(standing.history.summary(node));
    }
    if (row && (!wanted[i] || !whole)) change.removed.push_back(standing.history.graph()[node].id);
    if (row && !wanted[i]) outcome.removed.push_back(standing.history.summary(node));
  }
  return change;
}

/// A purge is for emergencies: what it forgets is told.
void warn_of_unfinished(const Context& context, const Standing& standing) {
  for (const auto node : standing.unfinished) {
    const auto& row = *standing.row(node);
    context.observer.warning(
        warning("unfinished-revision", fmt::format("revision {} was left behind half-done, and the journal forgets it",
                                                   standing.history.graph()[node].id.str()))
            .note("state",
                  fmt::format("{} of its {} statements have run; what is left of them stays, an invalid index too",
                              row.steps_done, row.steps_total)));
  }
}

/// What was applied is no longer known then, and nobody will find the difference again.
void warn_of_changed(const Context& context, const Standing& standing, const revision::Graph::Set& wanted) {
  for (const auto& drift : standing.drift) {
    if (drift.kind != Drift::Kind::changed || !wanted[drift.node.value]) continue;
    context.observer.warning(
        warning("changed-revision", fmt::format("revision {} was changed after it was applied, and the journal takes "
                                                "its file for what was applied",
                                                standing.history.graph()[drift.node].id.str()))
            .in_file(standing.history.file(drift.node)->path)
            .note("applied", drift.applied_checksum)
            .note("file", drift.file_checksum));
  }
}

}  // namespace

Result<StampOutcome> stamp(const Context& context, const std::vector<std::string>& texts, bool purge, bool adopt) {
  MIGRATE_TRY_ASSIGN(const auto targets, parse_targets(texts));
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context, Purpose::change));
  MIGRATE_TRY(guard_writable(connection.session.info()));
  MIGRATE_TRY_ASSIGN(auto lock, take_lock(context, connection));
  MIGRATE_TRY_ASSIGN(auto journal,
                     wait_for_journal(context, connection, adopt ? Ownership::taken_over : Ownership::checked));
  const std::string former = journal.project;
  MIGRATE_TRY_ASSIGN(const Standing standing, lay_over(files, std::move(journal)));

  // What is half-done stays so: its next run may need the journal to be this project's.
  const bool only_adopts = adopt && !purge && texts == std::vector<std::string>{"current"};
  if (!purge && !only_adopts) MIGRATE_TRY(refuse_unfinished(standing));
  if (purge) warn_of_unfinished(context, standing);

  const auto& graph = standing.history.graph();
  const auto before = purge ? revision::Graph::Set(graph.size()) : standing.applied;
  MIGRATE_TRY_ASSIGN(const auto wanted, revision::plan_stamp(graph, before, targets));

  StampOutcome outcome;
  outcome.database = connection.session.info();
  outcome.from = standing.history.summaries(standing.current());
  outcome.to = standing.history.summaries(graph.heads_of(wanted));
  Change change;
  if (!only_adopts) {
    MIGRATE_TRY_ASSIGN(change, compare(standing, wanted, purge, outcome));
    if (purge) warn_of_changed(context, standing, wanted);
  }

  MIGRATE_TRY(connection.journal.ensure(connection.session));
  std::string sql = connection.journal.stamped_sql(change.added, change.removed, purge);
  if (adopt) {
    // Whoever writes last into the log is whose journal it is.
    sql += (sql.empty() ? "" : ";\n") + connection.journal.noted_sql("taken over from project: " + former);
  }
  const auto done = lock.commit(sql);
  if (!done) {
    return fail(db::to_diagnostic(done.error()).note("state", "the journal was not changed"), ExitCode::rolled_back);
  }
  if (adopt) {
    context.observer.progress(fmt::format("the journal of {} belongs to project `{}` from now on",
                                          outcome.database.database, context.settings.project.value));
  }
  return outcome;
}

Result<EnsureVersionOutcome> ensure_version(const Context& context) {
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context, Purpose::change));
  MIGRATE_TRY_ASSIGN(const auto journal, wait_for_journal(context, connection));
  EnsureVersionOutcome outcome{.database = connection.session.info(), .schema = connection.journal.schema()};
  if (!journal.exists) {
    MIGRATE_TRY(guard_writable(connection.session.info()));
    outcome.created = true;
  }
  MIGRATE_TRY(connection.journal.ensure(connection.session));
  return outcome;
}

}  // namespace migrate::ops
