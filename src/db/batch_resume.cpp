#include "db/batch_resume.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {
namespace {

bool has_batches(const RevisionRun& run) {
  return std::any_of(run.statements.begin(), run.statements.end(),
                     [](const RunStatement& statement) { return statement.treatment.batch.has_value(); });
}

// What lies behind is as it was left; whether it is the same table and key, only the server knows.
Result<void, RunFailure> check_place(const RunContext& context, const BatchRecord& record) {
  const int next = context.run.steps_done + 1;
  if (record.statement != next) {
    return Unexpected{batch_changed(
        context, record,
        fmt::format("statement {} was cut off in its batches, and the next one is {}", record.statement, next))};
  }
  const auto index = static_cast<std::size_t>(context.run.steps_done);
  const auto& statements = context.run.statements;
  if (index >= statements.size() || !statements[index].treatment.batch) {
    return Unexpected{
        batch_changed(context, record,
                      fmt::format("statement {} was cut off in its batches, and does not run in batches now", next))};
  }
  const std::string now = shape_of(*statements[index].treatment.batch);
  if (record.shape.empty() || record.shape == now) return {};
  return Unexpected{batch_changed(context, record,
                                  fmt::format("the statement was {} when it began, and is {} now", record.shape, now))};
}

}  // namespace

std::string shape_of(const sql::Batch& batch) {
  switch (batch.kind) {
    case sql::BatchKind::update: {
      std::vector<std::string> columns = batch.assigned;
      std::sort(columns.begin(), columns.end());
      return fmt::format("UPDATE SET {}", fmt::join(columns, ", "));
    }
    case sql::BatchKind::remove: return "DELETE";
    case sql::BatchKind::insert: return "INSERT INTO " + to_text(batch.target);
  }
  return {};
}

RunFailure batch_changed(const RunContext& context, const BatchRecord& record, std::string message) {
  const RevisionRun& run = context.run;
  ServerError error;
  error.message = std::move(message);
  error.hint = fmt::format(
      "a correction of what its batches have done belongs behind it, or into a revision of its own; or say with "
      "`migrate mark {} --done N` how many statements of the file are done: those behind them then run as a whole",
      run.entry.id.str());
  error.own_id = "batch-key-changed";
  const auto next = static_cast<std::size_t>(run.steps_done);
  const bool there = next < run.statements.size();
  RunFailure failure = context.failure(std::move(error), there ? std::optional(next) : std::nullopt);
  failure.batches = BatchesDone{record.batches, record.rows};
  return failure;
}

Result<std::optional<BatchRecord>, RunFailure> take_up_batches(RunContext& context) {
  const RevisionRun& run = context.run;
  const bool needed = has_batches(run);
  if (!needed && !run.resumed) return std::optional<BatchRecord>();
  if (needed) {
    auto made = context.journal.make_place_for_batches(context.session);
    if (!made) return Unexpected{context.failure(std::move(made).error())};
  }
  auto record = context.journal.read_batch(context.session, run.entry.id, run.direction);
  if (!record) return Unexpected{context.failure(std::move(record).error())};
  if (!*record) return std::optional<BatchRecord>();
  if (!run.resumed) {
    // Of a run that somebody settled by hand.
    const std::string forget = context.journal.last_batch_done_sql(run.entry.id, run.steps_done);
    auto forgotten = exchange(context.state, {.sql = context.state.local_role_sql() + forget});
    if (forgotten.error) return Unexpected{context.failure(*std::move(forgotten.error))};
    return std::optional<BatchRecord>();
  }
  MIGRATE_TRY(check_place(context, **record));
  return *std::move(record);
}

}  // namespace migrate::db
