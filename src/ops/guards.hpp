// What is checked before a verb changes a database.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/ops/migration.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

// Zero drift: an applied file that changed is refused (exit code 1), a cosmetic change is a warning. Applied revisions
// without a file are refused only where something is about to run on top of them. What the steps undo is no longer in
// the way, so that of it is a warning.
Result<void> guard_drift(const Context& context, const Standing& standing, std::span<const PreparedStep> steps,
                         const RunOptions& options);

// `unmanaged-database`: there are tables, and the journal never knew of a revision. None: it is managed, or empty.
std::optional<Diagnostic> describe_unmanaged(const std::string& database, const db::JournalContent& journal);
// What a run meets there was perhaps made by a revision: the failure names the command that says so.
Failure with_hint_at_stamp(Failure failure);

// The journal of another project is refused: `wrong-project` (exit code 2), of the database or of `what` else.
Result<void> guard_project(const Context& context, const std::string& database, const db::JournalContent& journal);
Failure wrong_project(const Context& context, const std::string& what, std::string_view project);

// A standby or a read-only database is refused before anything is tried.
Result<void> guard_writable(const db::DatabaseInfo& database);

// What the tables hold that the statement destroys: "account.last_seen (~48 k rows)". Empty where nothing would be
// lost. Cost: a query for each table.
std::vector<std::string> losses_of(db::Session& session, const sql::StatementFacts& facts);

// `destroys-data`, where there are any.
void warn_of_losses(const Context& context, const std::vector<std::string>& losses);

// Data that the steps destroy is named; a protected target also asks for the database's name.
Result<void> guard_data(const Context& context, db::Session& session, std::span<const PreparedStep> steps,
                        const RunOptions& options);

// Ctrl-C at a question is an answer.
Result<void> refuse_interrupted(const Context& context);

// What a verb is about to do: "destroys data", "destroy data".
struct Danger {
  std::string does, would;
};

// A protected target asks for its name before danger: on a terminal, or by --confirm. Errors (exit code 2):
// `confirmation-required`, `confirmation-mismatch`.
Result<void> confirm_name(const Context& context, const std::string& database, const RunOptions& options,
                          const Danger& danger);

// The same before data goes.
Result<void> confirm_destruction(const Context& context, const std::string& database, const RunOptions& options);

// A backup, where `--backup` or `[safety] backup` asks for one before these steps.
Result<void> back_up_before(const Context& context, Connection& connection, std::span<const PreparedStep> steps,
                            const RunOptions& options);

}  // namespace migrate::ops
