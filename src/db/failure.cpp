#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/db/executor.hpp>

#include "db/failure_place.hpp"
#include "db/server_error_fields.hpp"
#include "db/transaction_lock.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::db {
namespace {

constexpr std::size_t longest_internal_query = 200;

struct Advice {
  std::string_view sqlstate;  // or its class
  std::string_view help;
};

// What to do before running again. The first that fits.
constexpr Advice advices[] = {
    {"23505", "remove the duplicates"},
    {"23503", "mend the rows that refer to rows which are not there"},
    {"23502", "fill the column first"},
    {"23514", "mend the rows that break the constraint"},
    {"23", "mend the rows that break the constraint"},
    {"22", "correct the value"},
    {"25006", "connect to a database that may be written to"},
    {"25P03", "raise `idle_in_transaction_session_timeout` for this user or database"},
    {"25P04", "raise `transaction_timeout` for this user or database"},
    {"28", "check the user's rights"},
    {"40", "nothing needs to be changed: another transaction was in the way"},
    {"42501", "let the user do this, or run as the owner (`role` in [session] of migrate.toml)"},
    {"42", "correct the statement"},
    {"53100", "make room on the server's disk"},
    {"53", "give the server more of what it lacks"},
    {"55P03", "end what holds the lock, or give it more time: `retry_for` in [locks] of migrate.toml"},
    {"57P05", "raise `idle_session_timeout` for this user or database"},
    {"57014", "if the statement needs more time, give it some with `--statement-timeout`"},
    {"57", "see whether the server runs"},
    {"58", "look into the server's log"},
};

// What takes up the run again. Going down, the target is known to the user alone; what is half-done needs none.
std::string take_up_again(const RunFailure& failure, const RevisionRun& run) {
  if (run.direction == Direction::up) return "run `migrate upgrade` again";
  return failure.aftermath == Aftermath::left_behind ? "run `migrate resume`" : "run the same downgrade again";
}

std::string subject(const RevisionRun& run) {
  return run.direction == Direction::up ? run.entry.id.str() : "the downgrade of " + run.entry.id.str();
}

std::string_view advice_for(const ServerError& error) {
  if (error.interrupted) return {};
  if (error.own_id == "assertion-failed") return "see to it that it returns true";
  if (error.own_id == "batch-key-changed") return "put the statement, and the key of its table, back as they were";
  if (error.sqlstate.empty()) return error.connection_lost ? "see whether the server runs" : "correct the statement";
  const auto* const advice = std::find_if(std::begin(advices), std::end(advices), [&](const Advice& candidate) {
    return error.sqlstate.starts_with(candidate.sqlstate);
  });
  return advice == std::end(advices) ? "correct the cause" : advice->help;
}

// Nothing failed now: an earlier run left the question.
bool asks_only(const RunFailure& failure) {
  return failure.unsettled && failure.server_error.sqlstate.empty() && !failure.server_error.connection_lost;
}

// "statement 1 done, statement 2 failed, statements 3 to 5 not run"
std::string account(const RunFailure& failure, const RevisionRun& run) {
  const auto range = [](std::size_t first, std::size_t last) {
    return first == last ? fmt::format("statement {}", first) : fmt::format("statements {} to {}", first, last);
  };
  const auto done = static_cast<std::size_t>(failure.steps_done);
  const std::size_t total = run.statements.size();
  std::vector<std::string> parts;
  if (done > 0) parts.push_back(range(1, done) + " done");
  std::size_t next = done + 1;
  if (failure.statement && *failure.statement >= done) {
    std::string what = asks_only(failure) ? "begun" : "failed";
    if (failure.batches && failure.batches->batches > 0) {
      what = fmt::format("stopped after {} batch{} ({})", failure.batches->batches,
                         failure.batches->batches == 1 ? "" : "es",
                         plural(static_cast<std::size_t>(failure.batches->rows), "row"));
    }
    parts.push_back(fmt::format("statement {} {}", *failure.statement + 1, what));
    next = *failure.statement + 2;
  }
  if (next <= total) parts.push_back(range(next, total) + " not run");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string state_after(const RunFailure& failure, const RevisionRun& run, const DatabaseInfo& database) {
  const std::string what = subject(run);
  switch (failure.aftermath) {
    case Aftermath::left_behind:
      return fmt::format("NOT rolled back: {}; {} is marked as unfinished", account(failure, run), what);
    case Aftermath::unknown:
      return fmt::format(
          "the answer to COMMIT was lost and the server cannot be asked: {} is there as a whole or not "
          "at all",
          what);
    case Aftermath::rolled_back: break;
  }
  if (failure.stage == RunStage::commit && failure.server_error.connection_lost) {
    return fmt::format("the answer to COMMIT was lost; {} is asked again and does not have {}", database.database,
                       what);
  }
  const std::string as_before = fmt::format("{} is as before this revision", database.database);
  if (failure.server_error.connection_lost && failure.backend_pid > 0) {
    return fmt::format("{} is rolled back by the server; until it notices, its process {} may still be at work", what,
                       failure.backend_pid);
  }
  return run.transactional ? fmt::format("{} rolled back; {}", what, as_before)
                           : fmt::format("nothing of {} was kept; {}", what, as_before);
}

// A person looks, and tells what the catalog does not.
Diagnostic add_ways_to_say(Diagnostic diagnostic, const RunFailure& failure, const RevisionRun& run) {
  const std::string& id = run.entry.id.str();
  const bool up = run.direction == Direction::up;
  const std::string resume = fmt::format("then `{}`", up ? "migrate upgrade" : "migrate resume");
  return std::move(diagnostic)
      .help(fmt::format("look at what it did; where it is done: `migrate mark {} --done {}`, {}", id,
                        failure.steps_done + 1, resume))
      .help(
          fmt::format("where nothing of it is there: `migrate mark {} --done {}`, {}", id, failure.steps_done, resume))
      .help(fmt::format("or say it of the whole revision: `migrate mark {0} applied`, `migrate mark {0} pending`", id));
}

Diagnostic add_helps(Diagnostic diagnostic, const RunFailure& failure, const RevisionRun& run) {
  const std::string_view advice = advice_for(failure.server_error);
  const std::string again = take_up_again(failure, run);
  if (failure.aftermath == Aftermath::unknown) {
    return std::move(diagnostic).help("`migrate status` tells which, once the server is back");
  }
  if (failure.unsettled) {
    if (!asks_only(failure) && !advice.empty()) diagnostic = std::move(diagnostic).help(std::string(advice));
    return add_ways_to_say(std::move(diagnostic), failure, run);
  }
  std::string help = advice.empty() ? "" : fmt::format("{}, then ", advice);
  if (is_journal_text_refused(failure)) help = "write it with characters that the database's encoding has, then ";
  if (failure.aftermath == Aftermath::rolled_back) {
    // The index is what is in the way of the statement.
    if (!failure.found.empty()) help = "drop the invalid index with `DROP INDEX CONCURRENTLY`, then ";
    return std::move(diagnostic).help(help + again);
  }
  help += again;
  if (failure.batches) {
    help += fmt::format(": it goes on at statement {}, after the batches that are done", failure.steps_done + 1);
  } else if (static_cast<std::size_t>(failure.steps_done) < run.statements.size()) {
    help += failure.found.empty()
                ? fmt::format(": it goes on at statement {}", failure.steps_done + 1)
                : fmt::format(": it clears what was found, and goes on at statement {}", failure.steps_done + 1);
  }
  return std::move(diagnostic).help(std::move(help));
}

Diagnostic add_server_notes(Diagnostic diagnostic, const ServerError& error, bool show_detail) {
  // The context of COPY holds the row itself.
  const bool of_copy = error.context.starts_with("COPY ");
  for (const auto line : split(error.context, '\n')) {
    if (line.empty() || (of_copy && !show_detail)) continue;
    diagnostic = std::move(diagnostic).note("context", std::string(line));
  }
  if (!error.internal_query.empty()) {
    diagnostic = std::move(diagnostic)
                     .note("context", "in: " + ellipsize(tidy_text(error.internal_query), longest_internal_query));
  }
  if (!show_detail && (!error.detail.empty() || of_copy)) {
    diagnostic =
        std::move(diagnostic).note("the server says more, which may hold values of rows: `--show-detail` shows it");
  }
  return diagnostic;
}

// For failures that no statement's text is to blame for.
std::string place_in_words(const RunFailure& failure) {
  const ServerError& error = failure.server_error;
  if (error.connection_lost || error.interrupted) return {};
  if (is_journal_text_refused(failure)) {
    return "the journal keeps a revision's message and its downgrade section, comments too, and could not be written";
  }
  switch (failure.stage) {
    case RunStage::journal: return "the statements had run; the journal could not be written";
    case RunStage::commit:
      return error.sqlstate.starts_with("40")
                 ? "the statements had run; COMMIT was refused"
                 : "the statements had run; a deferred constraint or trigger refused COMMIT";
    default: return {};
  }
}

ExitCode exit_code_of(const RunFailure& failure) {
  if (failure.aftermath != Aftermath::rolled_back) return ExitCode::left_behind;
  if (failure.server_error.interrupted) return ExitCode::interrupted;
  const bool never_began = failure.stage == RunStage::begin && failure.server_error.connection_lost;
  return never_began ? ExitCode::unreachable : ExitCode::rolled_back;
}

}  // namespace

std::string describe(const Blocker& blocker) {
  if (blocker.pid == 0) return "a prepared transaction";
  std::string details = blocker.user;
  const auto add = [&details](const std::string& part) {
    if (!part.empty()) details += (details.empty() ? "" : ", ") + part;
  };
  add(blocker.application);
  add(blocker.state);
  if (blocker.since) add("its transaction is " + format_duration(*blocker.since) + " old");
  const std::string pid = fmt::format("pid {}", blocker.pid);
  return details.empty() ? pid : fmt::format("{} ({})", pid, details);
}

Failure to_failure(const RunFailure& failure, const RevisionRun& run, const DatabaseInfo& database, bool show_detail) {
  if (failure.stage == RunStage::lock) {
    return lock_timed_out(database, failure.holder, run.lock ? run.lock->timeout : std::chrono::milliseconds(0));
  }
  ServerError shown = failure.server_error;
  if (!show_detail) shown.detail.clear();
  Diagnostic diagnostic = to_diagnostic(shown);
  diagnostic.primary = find_place(failure, run);
  if (!diagnostic.primary) diagnostic.file = run.source->path();
  if (const auto where = place_in_words(failure); !where.empty()) diagnostic = std::move(diagnostic).note(where);
  diagnostic = add_server_notes(std::move(diagnostic), failure.server_error, show_detail);
  if (asks_only(failure)) diagnostic.id = "unsettled-statement";
  for (const auto& blocker : failure.blockers) {
    diagnostic = std::move(diagnostic).note("blocked by", describe(blocker));
  }
  if (failure.tries > 1) diagnostic = std::move(diagnostic).note(fmt::format("{} tries got no lock", failure.tries));
  diagnostic = std::move(diagnostic).note("state", state_after(failure, run, database));
  for (const auto& found : failure.found) diagnostic = std::move(diagnostic).note("found", found);
  return {add_helps(std::move(diagnostic), failure, run), exit_code_of(failure)};
}

}  // namespace migrate::db
