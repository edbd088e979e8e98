#include "ops/guards.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::ops {

namespace {

bool undoes(std::span<const PreparedStep> steps, revision::NodeIndex node) {
  return std::any_of(steps.begin(), steps.end(), [node](const PreparedStep& step) {
    return step.node == node && step.summary.direction == db::Direction::down;
  });
}

bool only_undo(std::span<const PreparedStep> steps) {
  return std::all_of(steps.begin(), steps.end(),
                     [](const PreparedStep& step) { return step.summary.direction == db::Direction::down; });
}

Diagnostic as_undone(const Standing& standing, const Drift& drift) {
  const auto& id = standing.history.graph()[drift.node].id.str();
  if (drift.kind == Drift::Kind::missing) {
    return warning("missing-revision-file", fmt::format("the file of revision {} is not here: the downgrade that the "
                                                        "database keeps undoes it",
                                                        id));
  }
  return warning("changed-revision", fmt::format("revision {} was changed after it was applied: the downgrade that its "
                                                 "file has now undoes it",
                                                 id))
      .in_file(standing.history.file(drift.node)->path);
}

const PreparedStep* find_resumed(std::span<const PreparedStep> steps, revision::NodeIndex node) {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [node](const PreparedStep& step) { return step.node == node && step.resumed; });
  return found == steps.end() ? nullptr : &*found;
}

/// What failed is corrected in the file: that is what it is for.
Diagnostic as_resumed(const Standing& standing, const PreparedStep& step) {
  const auto& id = step.summary.revision.id.str();
  const std::string done = plural(static_cast<std::size_t>(step.steps_done), "statement");
  const char* what = step.summary.direction == db::Direction::up ? "" : "the downgrade of ";
  return warning("changed-revision", fmt::format("{}revision {} was changed after it was begun: it goes on after its "
                                                 "first {}",
                                                 what, id, done))
      .in_file(standing.history.file(step.node)->path);
}

Diagnostic cosmetic(const Standing& standing, const Drift& drift) {
  const auto& id = standing.history.graph()[drift.node].id.str();
  return warning("cosmetic-change", fmt::format("the file of revision {} differs from what was applied in comments, "
                                                "white space or its downgrade only",
                                                id))
      .in_file(standing.history.file(drift.node)->path);
}

/// How far it is counts in the text that was begun: in another one it would pass over statements.
Result<void> guard_begun(const Context& context, const Standing& standing, std::span<const PreparedStep> steps) {
  Diagnostics refused;
  for (const auto& step : steps) {
    if (step.begun.refusal) refused.push_back(*step.begun.refusal);
  }
  if (!refused.empty()) return fail(Failure(std::move(refused), ExitCode::left_behind));
  for (const auto& step : steps) {
    if (step.begun.changed_ahead) context.observer.warning(as_resumed(standing, step));
  }
  return {};
}

}  // namespace

Result<void> guard_drift(const Context& context, const Standing& standing, std::span<const PreparedStep> steps,
                         const RunOptions& options) {
  MIGRATE_TRY(guard_begun(context, standing, steps));
  Diagnostics refused;
  for (const auto& drift : standing.drift) {
    if (drift.kind == Drift::Kind::cosmetic) {
      const auto* step = find_resumed(steps, drift.node);
      if (!step || !step->begun.changed_ahead) context.observer.warning(cosmetic(standing, drift));
    } else if (const auto* step = find_resumed(steps, drift.node);
               step && drift.kind == Drift::Kind::changed && step->summary.direction == db::Direction::up) {
      if (step->steps_done > 0) context.observer.warning(as_resumed(standing, *step));
    } else if (undoes(steps, drift.node)) {
      context.observer.warning(as_undone(standing, drift));
    } else if (auto diagnostic = describe_drift(standing, drift);
               options.allow_drift || (drift.kind == Drift::Kind::missing && only_undo(steps))) {
      diagnostic.severity = Severity::warning;
      context.observer.warning(diagnostic);
    } else {
      refused.push_back(std::move(diagnostic).note("state", "nothing was changed"));
    }
  }
  if (refused.empty()) return {};
  return fail(Failure(std::move(refused), ExitCode::findings));
}

std::optional<Diagnostic> describe_unmanaged(const std::string& database, const db::JournalContent& journal) {
  if (!journal.database_has_tables) return std::nullopt;
  return warning("unmanaged-database",
                 fmt::format("database `{}` has tables {}", database,
                             journal.exists ? "of which the journal knows nothing" : "but no journal"))
      .help("if it already holds what some revisions make, say so first: migrate stamp REVISION");
}

Failure with_hint_at_stamp(Failure failure) {
  // A schema, a table, a column, a function, another object.
  constexpr std::array<std::string_view, 5> there_already = {"42P06", "42P07", "42701", "42723", "42710"};
  auto& told = failure.diagnostics.front();
  if (std::find(there_already.begin(), there_already.end(), told.sqlstate) == there_already.end()) return failure;
  told = std::move(told).help(
      "or, if the database already holds what some revisions make, say so: migrate stamp "
      "REVISION");
  return failure;
}

Failure wrong_project(const Context& context, const std::string& what, std::string_view project) {
  return {error("wrong-project",
                fmt::format("{} belongs to project `{}`, not to `{}`", what, project, context.settings.project.value))
              .note("state", "nothing was changed")
              .help("check the connection with `migrate config`")
              .help("if the project was renamed, set `[project] id` back, or take the journal over: migrate stamp "
                    "current --adopt"),
          ExitCode::usage};
}

Result<void> guard_project(const Context& context, const std::string& database, const db::JournalContent& journal) {
  const std::string& ours = context.settings.project.value;
  const bool of_another = journal.exists && !journal.project.empty() && !ours.empty() && journal.project != ours;
  if (!of_another) return {};
  return fail(wrong_project(context, fmt::format("database `{}`", database), journal.project));
}

Result<void> guard_writable(const db::DatabaseInfo& database) {
  if (!database.in_recovery && !database.read_only) return {};
  const char* why = database.in_recovery ? "is a standby: it cannot be written to"
                                         : "is read-only (default_transaction_read_only is on)";
  return fail(
      error("read-only-database", fmt::format("database `{}` at {} {}", database.database, database.host, why))
          .note("state", "nothing was changed")
          .help(database.in_recovery ? "connect to the primary: see `migrate config` for where the URL comes from"
                                     : "connect with a role or a URL that may write"),
      ExitCode::unreachable);
}

namespace {

/// Of a table with its partitions and all that inherit from it. An empty table has no size; one that was never analyzed
/// has an estimate of -1. NULL: the table is not there. What others lock, or wait to lock, counts as not empty:
/// pg_relation_size() would wait. Checked on 14 to 18.
constexpr std::string_view row_estimate_query = R"sql(
WITH RECURSIVE below(oid) AS (
  SELECT pg_catalog.to_regclass($1)::pg_catalog.oid
  UNION SELECT i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.oid),
locked AS MATERIALIZED (
  SELECT l.relation FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
SELECT pg_catalog.bool_or(CASE WHEN c.oid IN (SELECT relation FROM locked) THEN true
                               WHEN c.relkind IN ('p', 'f') THEN false
                               ELSE pg_catalog.pg_relation_size(c.oid) > 0 END),
  pg_catalog.sum(CASE WHEN c.relkind <> 'p' AND c.reltuples > 0 THEN c.reltuples END)::bigint
FROM below b JOIN pg_catalog.pg_class c ON c.oid = b.oid
)sql";

/// Empty where nothing would be lost.
std::string describe_loss(db::Session& session, const sql::DestroyedObject& object) {
  if (object.table.empty()) return object.name;
  const std::optional<std::string> table = object.table;
  const auto rows = session.query(row_estimate_query, {&table, 1});
  if (!rows) return object.name;
  const auto& row = rows->front();
  if (row[0] != "t") return {};  // NULL: an earlier revision of this run makes it
  const long long count = std::stoll(row[1].value_or("-1"));
  if (count <= 0) return object.name + " (not empty)";
  if (count >= 10'000) return fmt::format("{} (~{} k rows)", object.name, count / 1000);
  return fmt::format("{} (~{})", object.name, plural(static_cast<std::size_t>(count), "row"));
}

}  // namespace

Result<void> refuse_interrupted(const Context& context) {
  if (!context.interrupt || !context.interrupt->raised()) return {};
  return fail(error("interrupted", "interrupted at a question").note("state", "nothing was changed"),
              ExitCode::interrupted);
}

Result<void> confirm_name(const Context& context, const std::string& database, const RunOptions& options,
                          const Danger& danger) {
  if (!context.settings.protected_target.value || options.confirm == database) return {};
  if (!options.confirm.empty()) {
    return fail(error("confirmation-mismatch",
                      fmt::format("--confirm names `{}`, but this is database `{}`", options.confirm, database))
                    .note("state", "nothing was changed")
                    .help(fmt::format("if this is the database that you mean, pass --confirm={}", database)));
  }
  if (options.ask) {
    const auto typed =
        options.ask(fmt::format("this {}; type the database's name ({}) to go on: ", danger.does, database));
    if (typed && *typed == database) return {};
    MIGRATE_TRY(refuse_interrupted(context));
    if (typed && !typed->empty()) {
      return fail(
          error("confirmation-mismatch", fmt::format("`{}` was typed, but this is database `{}`", *typed, database))
              .note("state", "nothing was changed")
              .help("if this is the database that you mean, run the command again and type its name"));
    }
  }
  return fail(error("confirmation-required",
                    fmt::format("database `{}` is protected, and this would {}", database, danger.would))
                  .note("protected by", context.settings.protected_target.where)
                  .note("state", "nothing was changed")
                  .help(fmt::format("pass --confirm={}", database)));
}

Result<void> confirm_destruction(const Context& context, const std::string& database, const RunOptions& options) {
  return confirm_name(context, database, options, {"destroys data", "destroy data"});
}

std::vector<std::string> losses_of(db::Session& session, const sql::StatementFacts& facts) {
  std::vector<std::string> losses;
  for (const auto& object : facts.destroys) {
    if (auto loss = describe_loss(session, object); !loss.empty()) losses.push_back(std::move(loss));
  }
  return losses;
}

void warn_of_losses(const Context& context, const std::vector<std::string>& losses) {
  if (losses.empty()) return;
  context.observer.warning(warning("destroys-data", "destroys data: " + join_with_and(losses)));
}

Result<void> guard_data(const Context& context, db::Session& session, std::span<const PreparedStep> steps,
                        const RunOptions& options) {
  std::vector<std::string> losses;
  for (const auto& step : steps) {
    for (const auto& statement : step.statements) {
      auto more = losses_of(session, statement.facts);
      std::move(more.begin(), more.end(), std::back_inserter(losses));
    }
  }
  warn_of_losses(context, losses);
  if (losses.empty() || options.dry_run) return {};
  return confirm_destruction(context, session.info().database, options);
}

}  // namespace migrate::ops
