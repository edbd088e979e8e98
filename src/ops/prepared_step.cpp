#include "ops/prepared_step.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/revision/revision_file.hpp>
#include <migrate/sql/scan.hpp>
#include <migrate/sql/statement.hpp>

#include "ops/parallel.hpp"

namespace migrate::ops {
namespace {

// Beyond these a text is read again when its turn comes.
constexpr std::size_t largest_kept = 64 * 1024;
constexpr std::size_t kept_in_all = 64 * 1024 * 1024;
// A statement that is longer is data.
constexpr std::size_t longest_searched = 64 * 1024;

Result<SectionText> section_text(const Standing& standing, revision::NodeIndex node, db::Direction direction,
                                 const std::string& stored_text) {
  const auto& id = standing.history.graph()[node].id;
  const auto* file = standing.history.file(node);
  if (!file && direction == db::Direction::up) {
    const auto* row = standing.row(node);
    const char* how = row && row->state == db::RevisionState::applied ? "is to be applied again" : "is half applied";
    return fail(error("missing-revision-file", fmt::format("revision {} {}, and its file is not here", id.str(), how))
                    .note("state", "nothing was changed")
                    .help("check out the branch that has it"));
  }
  if (!file) return stored_section(id, stored_text);

  MIGRATE_TRY_ASSIGN(SourcePtr source, standing.history.source(*file));
  if (direction == db::Direction::up) return SectionText{std::move(source), file->upgrade};
  if (!file->downgrade) {
    return fail(error("irreversible-revision", fmt::format("revision {} cannot be undone", id.str()))
                    .in_file(file->path)
                    .note("reason", file->irreversible ? file->irreversible->reason : std::string())
                    .note("state", "nothing was changed")
                    .help("restore a backup, or write a new revision that goes forward"));
  }
  return SectionText{std::move(source), *file->downgrade};
}

/// Going down, an upgrade section that has become empty is drift, and told as that.
Result<void> refuse_unwritten(const revision::RevisionFile* file, db::Direction direction) {
  if (!file) return {};
  Diagnostics problems = file->unwritten;
  if (direction == db::Direction::down) {
    std::erase_if(problems, [](const Diagnostic& problem) { return problem.id != "empty-downgrade"; });
  }
  if (problems.empty()) return {};
  return fail(Failure(std::move(problems)));
}

// What would let go of the migration lock, in words; empty: nothing that can be seen from here.
std::string releases_lock(std::string_view text, const sql::StatementFacts& facts) {
  constexpr std::string_view unlock = "pg_advisory_unlock_all";
  if (facts.tag == "DISCARD ALL") return facts.tag;
  if (to_lower_ascii(text.substr(0, longest_searched)).find(unlock) == std::string::npos) return {};
  const auto tokens = sql::scan(text);
  const bool calls = tokens && std::any_of(tokens->begin(), tokens->end(), [&](const sql::Token& token) {
                       return equals_ignoring_case(token.range.of(text), unlock);
                     });
  return calls ? std::string(unlock) : std::string();
}

void check_statement(const SourcePtr& source, const db::RunStatement& statement, Diagnostics& problems) {
  const ByteRange range = statement.statement.range;
  if (statement.facts.transaction_control != sql::TransactionControl::none) {
    problems.push_back(error("transaction-control", fmt::format("`{}` in a revision", statement.facts.tag))
                           .at(source, range, "begins or ends a transaction")
                           .note("a revision runs in a transaction of its own, together with its row in the journal")
                           .help("remove it; `Transaction: none` in the header asks for every statement on its own"));
  }
  if (const auto what = releases_lock(source->text(range), statement.facts); !what.empty()) {
    problems.push_back(error("lock-released", fmt::format("`{}` in a revision", what))
                           .at(source, range, "lets go of the migration lock")
                           .note("another run could then do the same work at the same time")
                           .help("RESET ALL, DISCARD TEMP, DISCARD PLANS and pg_advisory_unlock() leave it alone"));
  }
  if (statement.facts.is_copy_to_stdout) {
    problems.push_back(error("copy-to-stdout", "`COPY ... TO stdout` in a revision")
                           .at(source, range, "its rows would go nowhere")
                           .help("remove it, or write to a file of the server"));
  }
}

std::chrono::milliseconds or_default(const std::optional<std::chrono::milliseconds>& chosen,
                                     std::chrono::milliseconds fallback) {
  return chosen.value_or(fallback);
}

// As the file has it. What its header says of it, the marker then says: the journal keeps no header.
std::string downgrade_to_keep(const revision::RevisionFile& file, const SourcePtr& source) {
  std::string text(source->text(file.downgrade_text));
  if (!file.header.transaction_none || !file.downgrade || file.downgrade->options.transaction_none) return text;
  const std::string_view marker = trim(source->text(file.downgrade->marker));
  return text.insert(text.find(marker) + marker.size(), " transaction=none");
}

// Requires: the node has a file, and `source` is its text.
db::JournalEntry entry_of(const History& history, revision::NodeIndex node, const SourcePtr& source) {
  const auto& graph = history.graph();
  const auto* file = history.file(node);
  db::JournalEntry entry;
  entry.id = graph[node].id;
  entry.message = graph[node].message;
  for (const auto parent : graph[node].parents) entry.parents.push_back(graph[parent].id);
  for (const auto dependency : graph[node].dependencies) entry.depends_on.push_back(graph[dependency].id);
  entry.checksum = sql::section_checksum(source, file->upgrade.body);
  entry.raw_checksum = file->raw_checksum;
  entry.downgrade = downgrade_to_keep(*file, source);
  return entry;
}

// The checksum of a text that is kept is taken now: while steps run, the server would wait for it.
void keep_or_drop(const Standing& standing, PreparedStep& step, std::atomic<std::size_t>& kept) {
  const std::size_t size = step.source->text().size();
  if (size > largest_kept || kept.fetch_add(size) > kept_in_all) {
    step.source.reset();
  } else if (step.summary.direction == db::Direction::up) {
    step.entry = entry_of(standing.history, step.node, step.source);
  }
}

}  // namespace

Result<PreparedStep> prepare_step(const Standing& standing, revision::NodeIndex node, db::Direction direction,
                                  std::string stored_text) {
  MIGRATE_TRY(refuse_unwritten(standing.history.file(node), direction));
  MIGRATE_TRY_ASSIGN(const SectionText text, section_text(standing, node, direction, stored_text));
  MIGRATE_TRY_ASSIGN(auto statements, sql::split_statements(text.source, text.section.body));

  const auto* file = standing.history.file(node);
  PreparedStep step;
  step.node = node;
  step.source = text.source;
  step.options = text.section.options;
  step.stored_text = std::move(stored_text);
  step.summary.revision = standing.history.summary(node);
  step.summary.direction = direction;
  step.summary.transactional = !step.options.transaction_none && !(file && file->header.transaction_none);

  std::vector<sql::StatementFacts> facts;
  for (const auto& statement : statements) facts.push_back(sql::examine_statement(text.source->text(statement.range)));
  const bool forbidden = std::any_of(facts.begin(), facts.end(), [](const sql::StatementFacts& one) {
    return one.block_rule == sql::BlockRule::forbidden;
  });
  if (forbidden || sql::first_use_of_new_enum_value(text.source, statements, facts)) step.summary.transactional = false;

  Diagnostics problems;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    step.statements.push_back({std::move(statements[i]), std::move(facts[i])});
    db::RunStatement& statement = step.statements.back();
    check_statement(text.source, statement, problems);
    auto treatment = sql::read_treatment(text.source, statement.statement);
    if (treatment) {
      statement.treatment = *std::move(treatment);
    } else {
      auto& found = treatment.error().diagnostics;
      problems.insert(problems.end(), found.begin(), found.end());
    }
    if (statement.treatment.batch) step.summary.transactional = false;
  }
  if (!problems.empty()) return fail(Failure(std::move(problems)));
  step.summary.statements = step.statements.size();
  const auto* row = standing.row(node);
  const auto left = direction == db::Direction::up ? db::RevisionState::applying : db::RevisionState::reverting;
  step.resumed = row && row->state == left;
  if (!step.resumed) return step;
  step.steps_done = row->steps_done;
  std::vector<sql::Statement> now;
  for (const auto& statement : step.statements) now.push_back(statement.statement);
  step.begun = compare_with_begun({.file = file, .text = text, .statements = now}, *row, step.stored_text);
  return step;
}

Result<std::vector<PreparedStep>> prepare_steps(const Standing& standing, const revision::Plan& plan,
                                                db::Direction direction, const StoredText& stored) {
  std::vector<Result<std::string>> texts;
  texts.reserve(plan.steps.size());
  for (const auto node : plan.steps) texts.push_back(stored(node));

  std::vector<std::optional<Result<PreparedStep>>> prepared(plan.steps.size());
  std::atomic<std::size_t> kept = 0;
  constexpr std::size_t steps_worth_a_thread = 32;
  in_parallel(plan.steps.size(), steps_worth_a_thread, [&](std::size_t i) {
    if (!texts[i]) {
      prepared[i].emplace(fail(std::move(texts[i]).error()));
      return;
    }
    prepared[i].emplace(prepare_step(standing, plan.steps[i], direction, *std::move(texts[i])));
    if (*prepared[i]) keep_or_drop(standing, **prepared[i], kept);
  });

  std::vector<PreparedStep> steps;
  steps.reserve(prepared.size());
  Diagnostics problems;
  for (auto& step : prepared) {
    if (*step) {
      steps.push_back(**std::move(step));
    } else {
      auto& found = step->error().diagnostics;
      problems.insert(problems.end(), found.begin(), found.end());
    }
  }
  if (!problems.empty()) return fail(Failure(std::move(problems)));
  return steps;
}

Result<std::vector<PreparedStep>> prepare_upgrade(const Standing& standing, const revision::Plan& plan) {
  return prepare_steps(standing, plan, db::Direction::up, [](revision::NodeIndex) { return std::string(); });
}

Result<db::RevisionRun> make_run(const Standing& standing, const PreparedStep& step, const config::Settings& settings) {
  db::RevisionRun run;
  run.direction = step.summary.direction;
  run.source = step.source;
  if (!run.source) {
    MIGRATE_TRY_ASSIGN(const SectionText text, section_text(standing, step.node, run.direction, step.stored_text));
    run.source = text.source;
  }
  run.statements = step.statements;
  run.transactional = step.summary.transactional;
  run.resumed = step.resumed;
  run.steps_done = step.steps_done;
  run.lock_timeout = or_default(step.options.lock_timeout, settings.lock_timeout.value);
  run.statement_timeout = or_default(step.options.statement_timeout, settings.statement_timeout.value);
  run.retry_for = or_default(step.options.retry_for, settings.lock_retry_for.value);
  run.batch_pause = settings.batch_pause.value;
  run.batch_max_lag = settings.batch_max_lag.value;
  if (run.direction == db::Direction::up) {
    run.entry = step.entry ? *step.entry : entry_of(standing.history, step.node, run.source);
  } else {
    run.entry.id = step.summary.revision.id;
    run.entry.message = step.summary.revision.message;
    if (const auto* file = standing.history.file(step.node)) run.entry.downgrade = downgrade_to_keep(*file, run.source);
  }
  return run;
}

Result<db::JournalEntry> journal_entry(const History& history, revision::NodeIndex node) {
  const auto* file = history.file(node);
  if (!file) {
    return fail(error("missing-revision-file",
                      fmt::format("the file of revision {} is not here", history.graph()[node].id.str())));
  }
  MIGRATE_TRY_ASSIGN(const SourcePtr source, history.source(*file));
  return entry_of(history, node, source);
}

}  // namespace migrate::ops
