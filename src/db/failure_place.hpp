// Where in a revision's source a failure happened.
#pragma once

#include <migrate/db/executor.hpp>

#include <optional>
#include <string>

namespace migrate::db {

// The database's encoding lacks a character of what the journal keeps of the file: its message, its downgrade.
bool is_journal_text_refused(const RunFailure& failure);

// The server's own place if it gave one, a line of COPY data, else the statement's first line. None where no statement
// failed, unless a character of the journal's text did.
std::optional<Label> find_place(const RunFailure& failure, const RevisionRun& run);

// The line of the data that `COPY table, line 3, column b: "x"` tells, in whatever language.
std::optional<std::size_t> copy_data_line(const std::string& context);

}  // namespace migrate::db
