// What the human report of a rehearsal and the one in Markdown have in common.
#pragma once

#include <string>

#include <migrate/ops/rehearse.hpp>

namespace migrate::ui {

// "a copy of its schema, without rows, in an embedded PostgreSQL 15.18"
std::string describe_copy(const ops::RehearsalOutcome& outcome);
// What no report of a copy may leave unsaid.
inline constexpr const char* copy_caution =
    "The copy has no rows: times and scans are those of empty tables.\nRows and sizes are the database's own.";

// "rewrite, scan"
std::string work_of(const ops::MeasuredLock& lock);
// "~48 k rows", "no rows"; empty: nobody knows
std::string rows_of(const ops::MeasuredLock& lock);
// "3.2 MB"; empty: nobody knows
std::string size_of(const ops::MeasuredLock& lock);
// Who only reads is in nobody's way but that of ACCESS EXCLUSIVE.
bool is_worth_telling(const ops::MeasuredLock& lock);

// "down: the schema is as before; up again: ok"
std::string describe_round(const ops::RehearsedStep& step);
// What the downgrade did not bring back, as `diff -u` has it; empty: nothing.
std::string difference_of(const ops::RehearsedStep& step);

// "2 up, 2 down and up again; 3 statements in 45 ms"
std::string totals(const ops::RehearsalOutcome& outcome);

std::string render_markdown(const ops::RehearsalOutcome& outcome);

}  // namespace migrate::ui
