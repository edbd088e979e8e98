#include <migrate/ops/lock.hpp>

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/history.hpp>

#include "ops/guards.hpp"
#include "ops/restore_script.hpp"

namespace migrate::ops {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{20};
constexpr milliseconds longest_pause{500};
constexpr milliseconds worth_a_word{1000};

std::optional<db::JournalContent> read_or_warn(const Context& context, Connection& connection) {
  auto journal = read_journal(context, connection);
  if (journal) return *std::move(journal);
  for (auto problem : journal.error().diagnostics) {
    problem.severity = Severity::warning;
    context.observer.warning(problem);
  }
  return std::nullopt;
}

std::optional<std::vector<HalfDone>> half_done_of(const std::optional<db::JournalContent>& journal) {
  if (!journal) return std::nullopt;
  std::vector<HalfDone> result;
  for (const auto& row : journal->rows) {
    if (row.state == db::RevisionState::applied) continue;
    result.push_back({.id = row.entry.id,
                      .message = row.entry.message,
                      .state = row.state,
                      .steps_done = row.steps_done,
                      .steps_total = row.steps_total,
                      .batches = row.batches});
  }
  return result;
}

// Files that are broken are no reason to leave a lock where it is.
std::optional<std::size_t> count_pending(const Context& context, std::optional<db::JournalContent> journal) {
  if (!journal) return std::nullopt;
  const auto files = History::load(context.settings);
  if (!files) return std::nullopt;
  const auto standing = lay_over(*files, *std::move(journal));
  if (!standing) return std::nullopt;
  return standing->pending().size();
}

Result<void> confirm(const Context& context, const std::string& database, const db::LockHolder& holder,
                     const BreakOptions& options) {
  if (context.settings.protected_target.value) {
    return confirm_name(context, database, options.run, {"ends another session", "end another session"});
  }
  if (options.yes || options.run.confirm == database) return {};
  if (options.run.ask) {
    const auto typed = options.run.ask("end that session, and roll back the statement that it runs? (y/N): ");
    const auto word = to_lower_ascii(trim(typed.value_or("")));
    if (word == "y" || word == "yes") return {};
    MIGRATE_TRY(refuse_interrupted(context));
  }
  return fail(error("confirmation-required", fmt::format("this would end pid {}", holder.pid))
                  .note("state", "nothing was changed: the lock is still held")
                  .help(options.run.ask ? "answer y, or pass --yes" : "pass --yes"));
}

Failure still_held(const db::LockHolder& holder, milliseconds waited) {
  return {error("lock-still-held", fmt::format("pid {} was told to end, and still holds the lock", holder.pid))
              .note(fmt::format("waited {} for it", format_duration(waited)))
              .note("a statement that rolls back much, or waits for the disk, ends late")
              .note("state", "the session ends by itself as soon as it can")
              .help("see whether it is gone: migrate lock status"),
          ExitCode::unreachable};
}

/// Gives who holds the lock then: nobody, or another one.
Result<std::optional<db::LockHolder>> wait_until_gone(const Context& context, Connection& connection,
                                                      const db::LockHolder& ended) {
  const auto begun = Clock::now();
  const milliseconds limit = context.settings.migration_lock_timeout.value;
  milliseconds pause = first_pause;
  bool told = false;
  for (;;) {
    MIGRATE_TRY_ASSIGN(auto holder, db::MigrationLock::holder(connection.session, connection.journal.schema()));
    if (!holder || holder->pid != ended.pid) return holder;
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    if (waited >= limit) return fail(still_held(ended, waited));
    if (!told && waited >= worth_a_word) {
      context.observer.progress(fmt::format("pid {} was told to end; waiting until it has", ended.pid));
      told = true;
    }
    if (!connection.session.pause(pause)) {
      return fail(error("interrupted", fmt::format("interrupted while pid {} ends", ended.pid))
                      .note("state", "it was told to end, and does so as soon as it can")
                      .help("see whether it is gone: migrate lock status"),
                  ExitCode::interrupted);
    }
    pause = std::min(pause * 2, longest_pause);
  }
}

std::string next_command(const BreakOutcome& outcome) {
  if (outcome.successor) return "migrate lock status";
  if (outcome.half_done && !outcome.half_done->empty()) return "migrate resume";
  if (!outcome.pending) return "migrate status";
  return *outcome.pending > 0 ? "migrate upgrade" : "";
}

}  // namespace

bool is_migrate(const db::LockHolder& holder) {
  return holder.application == "migrate" || holder.application.starts_with(restore_application);
}

bool is_hidden(const db::LockHolder& holder) { return holder.state.empty() && !holder.since; }

std::string caution_about(const db::LockHolder& holder) {
  if (is_hidden(holder)) return "it belongs to a role whose sessions are hidden from this one";
  if (is_migrate(holder)) return {};
  const std::string name = holder.application.empty()
                               ? "it has no application name"
                               : fmt::format("it calls itself `{}`, not `migrate`", holder.application);
  return name + ": a script of `upgrade --sql`, or a program with a name of its own";
}

Result<LockOutcome> lock_status(const Context& context) {
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context));
  LockOutcome outcome{.database = connection.session.info(), .holder = {}, .half_done = {}};
  MIGRATE_TRY_ASSIGN(outcome.holder, db::MigrationLock::holder(connection.session, connection.journal.schema()));
  outcome.half_done = half_done_of(read_or_warn(context, connection));
  return outcome;
}

Result<BreakOutcome> lock_break(const Context& context, const BreakOptions& options) {
  const auto begun = Clock::now();
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context));
  const std::string& schema = connection.journal.schema();
  BreakOutcome outcome{
      .database = connection.session.info(), .ended = {}, .successor = {}, .half_done = {}, .pending = {}, .next = {}};
  MIGRATE_TRY_ASSIGN(const auto holder, db::MigrationLock::holder(connection.session, schema));
  if (holder) {
    context.observer.progress(
        fmt::format("the migration lock of {} is held by {}", outcome.database.database, describe(*holder)));
    if (const auto caution = caution_about(*holder); !caution.empty()) context.observer.progress(caution);
    MIGRATE_TRY(confirm(context, outcome.database.database, *holder, options));
    MIGRATE_TRY_ASSIGN(const bool told, db::MigrationLock::end_holder(connection.session, schema, holder->pid));
    if (told) outcome.ended = holder;
    MIGRATE_TRY_ASSIGN(outcome.successor, wait_until_gone(context, connection, *holder));
  }
  auto journal = read_or_warn(context, connection);
  outcome.half_done = half_done_of(journal);
  outcome.pending = count_pending(context, std::move(journal));
  outcome.next = next_command(outcome);
  outcome.duration = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
  return outcome;
}

}  // namespace migrate::ops
