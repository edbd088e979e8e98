// The migration lock in the revision's own transaction.
#include <migrate/db/lock.hpp>

#include "db/exchange.hpp"
#include "db/journal_tables.hpp"
#include "db/run_context.hpp"
#include "db/transaction_lock.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1000};

constexpr std::string_view position_query = "SELECT pg_catalog.max(id) FROM {}";

RunFailure locked_out(const RunContext& context) {
  RunFailure failure = context.failure({});
  failure.stage = RunStage::lock;
  return failure;
}

Result<void, RunFailure> wait_for_lock(RunContext& context, milliseconds timeout) {
  const auto begun = Clock::now();
  milliseconds pause = first_pause;
  for (;;) {
    auto taken = begin_with_lock(context.session, context.journal.schema());
    if (!taken) return Unexpected{context.failure(std::move(taken).error())};
    if (*taken) return {};
    const auto found = MigrationLock::holder(context.session, context.journal.schema());
    const auto holder = found ? *found : std::nullopt;
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    if (waited >= timeout) {
      RunFailure failure = locked_out(context);
      failure.holder = holder;
      return Unexpected{std::move(failure)};
    }
    context.observer.waiting_for_lock(context.run, holder, waited);
    if (!context.session.pause(std::min(pause, timeout - waited))) {
      return Unexpected{context.failure(interrupted_error())};
    }
    pause = std::min(pause * 2, longest_pause);
  }
}

}  // namespace

Result<std::int64_t, ServerError> read_log_position(SessionState& state, const Journal& journal,
                                                    std::string_view after) {
  const std::string query = fmt::format(fmt::runtime(position_query), JournalTables(journal.schema()).log);
  Exchange done = exchange(state, {.sql = std::string(after).append(query), .keep_rows = true});
  if (done.error) return Unexpected{*std::move(done.error)};
  const std::string text = done.executed.result.front()[0].value_or("0");
  std::int64_t position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
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
