// One revision of a plan in one direction, read and cut into statements. Only small texts are kept, and not without
// end: a plan is small, whatever the size of its SQL.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/db/executor.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/ops/observer.hpp>
#include <migrate/revision/target.hpp>

#include "ops/begun_text.hpp"

namespace migrate::ops {

struct PreparedStep {
  revision::NodeIndex node;
  StepSummary summary;
  std::vector<db::RunStatement> statements;
  revision::SectionOptions options;
  std::string stored_text;  // of a downgrade whose file is gone, or which goes on: as the journal keeps it
  bool resumed = false;     // it was left behind half-done
  int steps_done = 0;       // then
  BegunText begun;          // then
  SourcePtr source;         // of a small text; null: read it again
  std::optional<db::JournalEntry> entry;  // likewise
};

// Reads the revision's section and examines its statements. Errors: those of sql::split_statements,
// `transaction-control`, `copy-to-stdout`, `irreversible-revision`, those of sql::read_treatment().
Result<PreparedStep> prepare_step(const Standing& standing, revision::NodeIndex node, db::Direction direction,
                                  std::string stored_text = {});

// Gives the stored downgrade of a node whose file is gone, or which is half undone, else an empty text.
using StoredText = std::function<Result<std::string>(revision::NodeIndex)>;

// All problems of all steps at once. Cost: on as many threads as there are cores.
Result<std::vector<PreparedStep>> prepare_steps(const Standing& standing, const revision::Plan& plan,
                                                db::Direction direction, const StoredText& stored);
Result<std::vector<PreparedStep>> prepare_upgrade(const Standing& standing, const revision::Plan& plan);

// The step with its text, ready for the executor.
Result<db::RevisionRun> make_run(const Standing& standing, const PreparedStep& step, const config::Settings& settings);

// What the journal is to know of a revision's file.
Result<db::JournalEntry> journal_entry(const History& history, revision::NodeIndex node);

}  // namespace migrate::ops
