#include "ops/pooled.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::ops {
namespace {

Diagnostic needs_session(const PreparedStep& step) {
  const auto& revision = step.summary.revision;
  Diagnostic what = error("session-needed", fmt::format("revision {} needs a session of its own", revision.id.str()));
  const auto forbidden = std::find_if(
      step.statements.begin(), step.statements.end(),
      [](const db::RunStatement& statement) { return statement.facts.block_rule == sql::BlockRule::forbidden; });
  if (forbidden != step.statements.end()) {
    what = std::move(what).note(fmt::format("`{}` runs outside a transaction", forbidden->facts.summary));
  } else if (step.resumed) {
    what = std::move(what).note("an earlier run left it behind, statement by statement");
  } else {
    what = std::move(what).note("it does not run in one transaction");
  }
  return std::move(what).in_file(revision.path);
}

Failure overtaken(const StepSummary& step) {
  return {error("overtaken", fmt::format("another run has changed the database, and revision {} no longer fits it",
                                         step.revision.id.str()))
              .note("state", "every revision before is whole; there is no half-done work of this run")
              .help("look with `migrate status`, then run the same command again"),
          ExitCode::unreachable};
}

// Nothing under an upgrade may be missing, and nothing may stand on what is undone.
bool fits(const revision::Graph& graph, const revision::Graph::Set& applied, revision::NodeIndex node,
          db::Direction direction) {
  const auto is_applied = [&](revision::NodeIndex other) { return applied[other.value]; };
  const auto& place = graph[node];
  if (direction == db::Direction::down) {
    return std::none_of(place.children.begin(), place.children.end(), is_applied) &&
           std::none_of(place.dependents.begin(), place.dependents.end(), is_applied);
  }
  return std::all_of(place.parents.begin(), place.parents.end(), is_applied) &&
         std::all_of(place.dependencies.begin(), place.dependencies.end(), is_applied);
}

}  // namespace

Failure session_needed(const Context& context, const db::DatabaseInfo& database, Diagnostic what) {
  const auto& direct = context.settings.direct_url;
  what = std::move(what)
             .note(fmt::format("{}:{} is a pooler in transaction mode: each transaction may get another server process",
                               database.host, database.port))
             .note("state", "nothing was changed");
  if (!direct.value.empty() && !context.settings.goes_direct()) {
    what = std::move(what).note(
        fmt::format("{} is not used: {} goes before it", direct.where, context.settings.database.where));
  }
  return {std::move(what).help("set MIGRATE_DIRECT_URL to the server's own address, past the pooler"), ExitCode::usage};
}

Result<void> guard_session(const Context& context, const db::DatabaseInfo& database,
                           std::span<const PreparedStep> steps) {
  for (const auto& step : steps) {
    if (!step.summary.transactional || step.resumed)
      return fail(session_needed(context, database, needs_session(step)));
  }
  return {};
}

Result<std::vector<PreparedStep>> without_done(const Standing& standing, std::span<const PreparedStep> steps) {
  std::vector<PreparedStep> left;
  const auto& graph = standing.history.graph();
  auto applied = standing.applied;
  for (const auto& step : steps) {
    const auto node = graph.find(step.summary.revision.id);
    if (!node) return fail(overtaken(step.summary));
    const auto* row = standing.row(*node);
    if (row && row->state != db::RevisionState::applied) return fail(overtaken(step.summary));
    const bool up = step.summary.direction == db::Direction::up;
    if (applied[node->value] == up) continue;
    if (!fits(graph, applied, *node, step.summary.direction)) return fail(overtaken(step.summary));
    applied[node->value] = up;
    left.push_back(step);
    left.back().node = *node;
  }
  return left;
}

}  // namespace migrate::ops
