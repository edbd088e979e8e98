#include <migrate/ops/show.hpp>

#include <fmt/format.h>

#include <migrate/revision/target.hpp>

#include "ops/look.hpp"
#include "ops/prepared_step.hpp"
#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

/// A section as it would be run, or why it can't be.
Result<SectionLines> section_of(const Standing& standing, revision::NodeIndex node, db::Direction direction,
                                const config::Settings& settings, const std::string& stored) {
  SectionLines lines;
  lines.from_journal = !stored.empty();
  const auto step = prepare_step(standing, node, direction, stored);
  if (!step) {
    lines.problems = step.error().diagnostics;
    return lines;
  }
  lines.transactional = step->summary.transactional;
  MIGRATE_TRY_ASSIGN(const db::RevisionRun run, make_run(standing, *step, settings));
  for (const auto& [statement, facts, treatment] : run.statements) {
    lines.statements.push_back(
        {.summary = facts.summary,
         .transactional = facts.block_rule == sql::BlockRule::allowed,
         .line = lines.from_journal ? 0 : run.source->line_column({statement.range.begin}).line});
  }
  return lines;
}

/// The journal keeps the words of an irreversible downgrade where the file would say so.
void take_irreversible(RevisionDetail& detail) {
  const auto& problems = detail.downgrade->problems;
  if (problems.empty() || problems.front().id != "irreversible-revision") return;
  const auto& notes = problems.front().notes;
  detail.irreversible = notes.empty() ? std::string() : notes.front().text;
  detail.downgrade.reset();
}

Result<RevisionDetail> detail_of(const Standing& standing, revision::NodeIndex node, Connection* connection,
                                 const config::Settings& settings) {
  const History& history = standing.history;
  const auto& known = history.graph()[node];
  RevisionDetail detail;
  detail.line = lines_of(standing, {{node}}).front();
  detail.parents = history.summaries(known.parents);
  detail.children = history.summaries(known.children);
  detail.dependencies = history.summaries(known.dependencies);
  detail.dependents = history.summaries(known.dependents);

  const auto* file = history.file(node);
  if (file) {
    detail.prose = file->header.prose;
    if (file->irreversible) detail.irreversible = file->irreversible->reason;
    MIGRATE_TRY_ASSIGN(detail.upgrade, section_of(standing, node, db::Direction::up, settings, {}));
    if (file->downgrade) {
      MIGRATE_TRY_ASSIGN(detail.downgrade, section_of(standing, node, db::Direction::down, settings, {}));
    }
  } else if (connection) {
    const auto stored = connection->journal.read_downgrade(connection->session, known.id);
    if (stored) {
      MIGRATE_TRY_ASSIGN(detail.downgrade, section_of(standing, node, db::Direction::down, settings, *stored));
      take_irreversible(detail);
    }
  }
  return detail;
}

}  // namespace

Result<ShowOutcome> show(const Context& context, const std::string& target_text, bool ask_database) {
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(target_text));
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));

  Glance found;
  if (needs_database(target)) {
    if (!ask_database) MIGRATE_TRY(refuse_without_database(target, "leave out --no-db, or name a revision"));
    MIGRATE_TRY_ASSIGN(found.look, look(context, history));
  } else if (ask_database) {
    found = glance(context, history);
  }

  std::optional<Standing> files_alone;
  if (!found.look) {
    MIGRATE_TRY_ASSIGN(files_alone, lay_over(history, {}));
  }
  const Standing& standing = found.look ? found.look->standing : *files_alone;
  MIGRATE_TRY_ASSIGN(const auto nodes, revision::resolve(standing.history.graph(), standing.applied, target));
  if (nodes.empty()) {
    return fail(error("nothing-to-show", fmt::format("`{}` is below the first revision", target.text))
                    .help("name a revision: `migrate history` lists them"));
  }

  ShowOutcome outcome;
  outcome.now = context.now();
  outcome.why_not_asked = std::move(found.why_not);
  if (found.look) outcome.database = found.look->connection.session.info();
  for (const auto node : nodes) {
    MIGRATE_TRY_ASSIGN(auto detail,
                       detail_of(standing, node, found.look ? &found.look->connection : nullptr, context.settings));
    outcome.revisions.push_back(std::move(detail));
  }
  return outcome;
}

}  // namespace migrate::ops
