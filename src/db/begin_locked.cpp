// The migration lock in the revision's own transaction.
#include <migrate/db/field.hpp>
#include <migrate/db/lock.hpp>

#include "db/exchange.hpp"
#include "db/journal_tables.hpp"
#include "db/run_context.hpp"
#include "db/transaction_lock.hpp"
#include "db/wait_in_line.hpp"

#include <chrono>

#include <fmt/format.h>

namespace migrate::db {
namespace {

constexpr std::string_view position_query = "SELECT pg_catalog.max(id) FROM {}";

RunFailure locked_out(const RunContext& context) {
  RunFailure failure = context.failure({});
  failure.stage = RunStage::lock;
  return failure;
}

Result<void, RunFailure> wait_for_lock(RunContext& context, std::chrono::milliseconds timeout) {
  const std::string& schema = context.journal.schema();
  auto line = wait_in_line(
      context.session, schema, timeout, [&] { return begin_with_lock(context.session, schema); },
      [&](const auto& holder, auto waited) { context.observer.waiting_for_lock(context.run, holder, waited); });
  if (!line) return Unexpected{context.failure(std::move(line).error())};
  if (line->end == LineEnd::taken) return {};
  if (line->end == LineEnd::interrupted) return Unexpected{context.failure(interrupted_error())};
  RunFailure failure = locked_out(context);
  failure.holder = line->holder;
  return Unexpected{std::move(failure)};
}

}  // namespace

Result<std::int64_t, ServerError> read_log_position(SessionState& state, const Journal& journal,
                                                    std::string_view after) {
  const std::string query = fmt::format(fmt::runtime(position_query), JournalTables(journal.schema()).log);
  Exchange done = exchange(state, {.sql = std::string(after).append(query), .keep_rows = true});
  if (done.error) return Unexpected{*std::move(done.error)};
  return to_number<std::int64_t>(done.executed.result.front()[0]).value_or(0);
}

Result<void, RunFailure> begin_locked(RunContext& context) {
  MIGRATE_TRY(wait_for_lock(context, context.run.lock->timeout));
  auto position = read_log_position(context.state, context.journal);
  if (!position) return Unexpected{context.failure(std::move(position).error())};
  if (*position == context.run.lock->log_position) return {};
  exchange(context.state, {.sql = "ROLLBACK", .clean_up = true});
  RunFailure failure = locked_out(context);
  failure.overtaken = true;
  return Unexpected{std::move(failure)};
}

}  // namespace migrate::db
