#include "ops/gate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/catalog_reader.hpp>

#include "ops/lint/docket.hpp"
#include "ops/lint/judge_settings.hpp"
#include "ops/lint/trials.hpp"

namespace migrate::ops {
namespace {

using Statements = std::vector<std::pair<sql::Statement, sql::StatementFacts>>;

/// Those that are still to run.
Statements statements_of(const PreparedStep& step) {
  Statements statements;
  for (auto i = static_cast<std::size_t>(step.steps_done); i < step.statements.size(); ++i) {
    statements.emplace_back(step.statements[i].statement, step.statements[i].facts);
  }
  return statements;
}

struct Rulebook {
  JudgeSettings settings;
  revision::Graph::Set baseline;
  bool silent = false;  // every rule is off
};

Result<Rulebook> open_rulebook(const config::Settings& settings, const revision::Graph& graph) {
  Rulebook book;
  MIGRATE_TRY_ASSIGN(book.settings, judge_settings(settings));
  MIGRATE_TRY_ASSIGN(book.baseline, before_baseline(settings, graph));
  const auto rules = rules::all_rules();
  book.silent = std::all_of(rules.begin(), rules.end(), [&](const rules::Rule* rule) {
    return book.settings.selection.level(*rule) == rules::Level::off;
  });
  return book;
}

Result<void> add_steps(Docket& docket, const Rulebook& book, const Standing& standing,
                       std::span<const PreparedStep> steps) {
  for (const auto& step : steps) {
    const auto* file = standing.history.file(step.node);
    if (file == nullptr) continue;
    MIGRATE_TRY_ASSIGN(const SourcePtr source, standing.history.source(*file));
    if (step.summary.direction == db::Direction::down) {
      docket.add_undoing(source, *file, statements_of(step));
      continue;
    }
    // What was left behind half-done came through this door when it began.
    const bool judged = !book.baseline[step.node.value] && !step.resumed;
    docket.add(source, *file, judged, statements_of(step));
  }
  return {};
}

GateVerdict verdict_of(const Docket& docket, rules::World world, const Rulebook& book) {
  const auto verdict = docket.judge(std::move(world), book.settings);
  GateVerdict result;
  result.errors = verdict.errors;
  result.revisions = docket.judged_count();
  for (const auto& judged : verdict.findings) {
    if (judged.level > rules::Level::note) result.findings.push_back(diagnostic_of(judged));
  }
  return result;
}

bool goes_up(const PreparedStep& step) { return step.summary.direction == db::Direction::up; }

}  // namespace

Result<GateVerdict> judge_steps(const Context& context, Connection& connection, const Standing& standing,
                                std::span<const PreparedStep> steps) {
  if (std::none_of(steps.begin(), steps.end(), goes_up)) return GateVerdict{};
  MIGRATE_TRY_ASSIGN(const Rulebook book, open_rulebook(context.settings, standing.history.graph()));
  if (book.silent) return GateVerdict{};
  Docket docket;
  MIGRATE_TRY(add_steps(docket, book, standing, steps));
  if (docket.judged_count() == 0) return GateVerdict{};
  rules::World world;
  MIGRATE_TRY_ASSIGN(world.schema, db::read_catalog(connection.session, docket.mentioned()));
  MIGRATE_TRY_ASSIGN(const Trials trials, try_unknown(connection.session, docket));
  docket.take(trials);
  // Nobody else can put rows into a table that this run is about to make.
  world.rows_of_new_tables = catalog::Rows::none;
  auto schema = world.schema;
  auto verdict = verdict_of(docket, std::move(world), book);
  verdict.schema = std::move(schema);
  return verdict;
}

Result<GateVerdict> judge_script(const Context& context, const Standing& standing,
                                 std::span<const PreparedStep> steps) {
  if (std::none_of(steps.begin(), steps.end(), goes_up)) return GateVerdict{};
  MIGRATE_TRY_ASSIGN(const Rulebook book, open_rulebook(context.settings, standing.history.graph()));
  if (book.silent) return GateVerdict{};
  Docket docket;
  for (std::uint32_t i = 0; i < standing.history.graph().size(); ++i) {
    const auto* file = standing.applied[i] ? standing.history.file({i}) : nullptr;
    if (file == nullptr) continue;
    MIGRATE_TRY_ASSIGN(const SourcePtr source, standing.history.source(*file));
    // What can't be cut into statements makes nothing that is known.
    if (auto sections = read_sections(source, *file, Asked::nothing)) docket.add(*std::move(sections), Asked::nothing);
  }
  MIGRATE_TRY(add_steps(docket, book, standing, steps));
  if (docket.judged_count() == 0) return GateVerdict{};
  return verdict_of(docket, {}, book);
}

Result<void> pass_gate(const Context& context, Result<GateVerdict> verdict) {
  if (!verdict) return fail(std::move(verdict).error());
  if (verdict->errors == 0) {
    for (const auto& finding : verdict->findings) context.observer.warning(finding);
    return {};
  }
  auto refusal =
      error("refused-by-lint", fmt::format("{} of the rules in {} about to be applied",
                                           plural(verdict->errors, "error"), plural(verdict->revisions, "revision")))
          .note("state", "nothing was changed")
          .help("mend the revisions: `migrate lint --fix` does what can be done by itself")
          .help("where it is meant so, say why above the statement: -- migrate:allow RULE (reason)")
          .help("for revisions that were applied elsewhere long ago: `[lint] start_after = \"REV\"` in migrate.toml")
          .help("in an emergency: --no-lint");
  Diagnostics all = std::move(verdict->findings);
  all.push_back(std::move(refusal));
  return fail(Failure(std::move(all), ExitCode::findings));
}

}  // namespace migrate::ops
