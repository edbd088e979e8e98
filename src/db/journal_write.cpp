// What the journal is told, as SQL: sent in the transaction of that which it tells.
#include <migrate/db/journal.hpp>

#include "db/journal_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_logged_message = 1000;

// The identity column's sequence is a part of its table. Checked on 14 to 18.
constexpr std::string_view create_tables = R"(CREATE TABLE {0} (
  revision text PRIMARY KEY,
  parents text[] NOT NULL,
  depends_on text[] NOT NULL,
  message text NOT NULL,
  checksum text NOT NULL,
  raw_checksum text NOT NULL,
  downgrade text NOT NULL,
  state text NOT NULL CHECK (state IN ('applied', 'applying', 'reverting')),
  steps_done integer NOT NULL CHECK (steps_done >= 0),
  steps_total integer NOT NULL,
  applied_at timestamptz,
  applied_by text NOT NULL,
  duration_ms bigint,
  tool_version text NOT NULL,
  batch jsonb,
  CHECK (steps_done <= steps_total)
);
COMMENT ON TABLE {0} IS 'Which schema revisions this database has. Written by migrate.';
CREATE TABLE {1} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  revision text,
  direction text NOT NULL CHECK (direction IN ('up', 'down', 'stamp', 'journal')),
  outcome text NOT NULL CHECK (outcome IN ('started', 'done', 'failed', 'added', 'removed')),
  duration_ms bigint,
  done_by text NOT NULL,
  host text NOT NULL,
  sqlstate text,
  message text,
  project text,
  format integer NOT NULL,
  tool_version text NOT NULL
);
COMMENT ON TABLE {1} IS 'What was done to the schema, and when. Written by migrate; the newest row stays.')";

std::string ids_array(const std::vector<revision::RevisionId>& ids) {
  std::vector<std::string> literals;
  literals.reserve(ids.size());
  for (const auto& id : ids) literals.push_back(quote_literal(id.str()));
  return fmt::format("ARRAY[{}]::text[]", fmt::join(literals, ", "));
}

std::string nullable(std::string_view text) { return text.empty() ? "NULL" : quote_literal(text); }

// A script that somebody runs later asks the server who that is. A keyword: it can't be written with a schema.
constexpr std::string_view whoever_runs_it = "session_user";

std::string user_sql(const JournalAuthor& author) {
  return author.user.empty() ? std::string(whoever_runs_it) : quote_literal(author.user);
}

std::string who_sql(const JournalAuthor& author) {
  if (author.user.empty() || author.host.empty()) return user_sql(author);
  return quote_literal(author.user + "@" + author.host);
}

struct LogLine {
  std::string_view direction, outcome;
  std::string duration = "NULL";
  std::string sqlstate, message;
};

// The columns after `revision`.
std::string log_values(const LogLine& line, const JournalAuthor& author) {
  return fmt::format("'{}', '{}', {}, {}, {}, {}, {}, {}, {}, {}", line.direction, line.outcome, line.duration,
                     user_sql(author), quote_literal(author.host), nullable(line.sqlstate), nullable(line.message),
                     nullable(author.project), journal_format, quote_literal(author.tool_version));
}

constexpr std::string_view log_columns =
    "revision, direction, outcome, duration_ms, done_by, host, sqlstate, message, project, format, tool_version";

std::string log_sql(const JournalTables& tables, const std::string& revision_literal, const LogLine& line,
                    const JournalAuthor& author) {
  return fmt::format("INSERT INTO {} ({}) VALUES ({}, {})", tables.log, log_columns, revision_literal,
                     log_values(line, author));
}

constexpr std::string_view revision_columns =
    "revision, parents, depends_on, message, checksum, raw_checksum, downgrade, state, steps_done, steps_total, "
    "applied_at, applied_by, duration_ms, tool_version";

struct Progress {
  RevisionState state;
  int steps_done, steps_total;
  std::string_view applied_at;
  std::string duration = "NULL";
};

std::string revision_values(const JournalEntry& entry, const Progress& progress, const JournalAuthor& author) {
  return fmt::format("({}, {}, {}, {}, {}, {}, {}, '{}', {}, {}, {}, {}, {}, {})", quote_literal(entry.id.str()),
                     ids_array(entry.parents), ids_array(entry.depends_on), quote_literal(entry.message),
                     quote_literal(entry.checksum), quote_literal(entry.raw_checksum), quote_literal(entry.downgrade),
                     word(progress.state), progress.steps_done, progress.steps_total, progress.applied_at,
                     who_sql(author), progress.duration, quote_literal(author.tool_version));
}

// What a file tells may have changed since the row was written.
constexpr std::string_view take_from_file =
    "parents = excluded.parents, depends_on = excluded.depends_on, message = excluded.message, "
    "checksum = excluded.checksum, raw_checksum = excluded.raw_checksum, downgrade = excluded.downgrade, "
    "state = excluded.state, steps_total = excluded.steps_total, applied_at = excluded.applied_at, "
    "applied_by = excluded.applied_by, duration_ms = excluded.duration_ms, tool_version = excluded.tool_version";

// The same, where there is nothing else to be told.
std::string told_by_file_sql(const JournalEntry& entry) {
  return fmt::format(", parents = {}, depends_on = {}, message = {}, checksum = {}, raw_checksum = {}, downgrade = {}",
                     ids_array(entry.parents), ids_array(entry.depends_on), quote_literal(entry.message),
                     quote_literal(entry.checksum), quote_literal(entry.raw_checksum), quote_literal(entry.downgrade));
}

// Behind other assignments; empty: what the journal keeps stays.
std::string downgrade_assignment(std::string_view downgrade) {
  return downgrade.empty() ? std::string() : ", downgrade = " + quote_literal(downgrade);
}

constexpr std::string_view now = "pg_catalog.clock_timestamp()";

std::string text_of(milliseconds duration) { return fmt::format("{}", duration.count()); }

}  // namespace

std::string Journal::log_name() const { return JournalTables(schema_).log; }

std::string Journal::create_sql() const {
  const JournalTables tables(schema_);
  return fmt::format("{};\n{}", fmt::format(fmt::runtime(create_tables), tables.revision, tables.log),
                     log_sql(tables, "NULL", {.direction = "journal", .outcome = "done"}, author_));
}

std::string Journal::applied_sql(const JournalEntry& entry, int steps, milliseconds duration) const {
  const JournalTables tables(schema_);
  const Progress progress{RevisionState::applied, steps, steps, now, text_of(duration)};
  return fmt::format("INSERT INTO {} ({}) VALUES {};\n{}", tables.revision, revision_columns,
                     revision_values(entry, progress, author_),
                     log_sql(tables, quote_literal(entry.id.str()),
                             {.direction = "up", .outcome = "done", .duration = text_of(duration)}, author_));
}

std::string Journal::reverted_sql(const revision::RevisionId& id, milliseconds duration) const {
  const JournalTables tables(schema_);
  const std::string literal = quote_literal(id.str());
  return fmt::format(
      "DELETE FROM {} WHERE revision = {};\n{}", tables.revision, literal,
      log_sql(tables, literal, {.direction = "down", .outcome = "done", .duration = text_of(duration)}, author_));
}

std::string Journal::started_sql(const JournalEntry& entry, Direction direction, int steps_total) const {
  const JournalTables tables(schema_);
  const std::string literal = quote_literal(entry.id.str());
  const std::string log = log_sql(tables, literal, {.direction = word(direction), .outcome = "started"}, author_);
  if (direction == Direction::down) {
    return fmt::format(
        "UPDATE {} SET steps_done = CASE WHEN state = 'reverting' THEN steps_done ELSE 0 END, steps_total = {}, "
        "state = 'reverting'{} WHERE revision = {};\n{}",
        tables.revision, steps_total, downgrade_assignment(entry.downgrade), literal, log);
  }
  const Progress progress{RevisionState::applying, 0, steps_total, "NULL"};
  return fmt::format("INSERT INTO {} ({}) VALUES {}\nON CONFLICT (revision) DO UPDATE SET {};\n{}", tables.revision,
                     revision_columns, revision_values(entry, progress, author_), take_from_file, log);
}

std::string Journal::step_done_sql(const revision::RevisionId& id, int steps_done) const {
  return fmt::format("UPDATE {} SET steps_done = {} WHERE revision = {}", JournalTables(schema_).revision, steps_done,
                     quote_literal(id.str()));
}

std::string Journal::step_started_sql(const revision::RevisionId& id, Direction direction, int statement) const {
  return log_sql(JournalTables(schema_), quote_literal(id.str()),
                 {.direction = word(direction), .outcome = "started", .message = started_message(statement)}, author_);
}

std::string Journal::finished_sql(const revision::RevisionId& id, Direction direction, milliseconds duration) const {
  if (direction == Direction::down) return reverted_sql(id, duration);
  const JournalTables tables(schema_);
  const std::string literal = quote_literal(id.str());
  return fmt::format(
      "UPDATE {} SET state = 'applied', steps_done = steps_total, applied_at = {}, applied_by = {}, duration_ms = {}, "
      "tool_version = {} WHERE revision = {};\n{}",
      tables.revision, now, who_sql(author_), text_of(duration), quote_literal(author_.tool_version), literal,
      log_sql(tables, literal, {.direction = "up", .outcome = "done", .duration = text_of(duration)}, author_));
}

std::string Journal::abandoned_sql(const revision::RevisionId& id, Direction direction) const {
  const JournalTables tables(schema_);
  const std::string literal = quote_literal(id.str());
  if (direction == Direction::up) return fmt::format("DELETE FROM {} WHERE revision = {}", tables.revision, literal);
  return fmt::format("UPDATE {} SET state = 'applied', steps_done = steps_total WHERE revision = {}", tables.revision,
                     literal);
}

std::string Journal::failed_sql(const revision::RevisionId& id, Direction direction, milliseconds duration,
                                const ServerError& server_error) const {
  return log_sql(JournalTables(schema_), quote_literal(id.str()),
                 {.direction = word(direction),
                  .outcome = "failed",
                  .duration = text_of(duration),
                  .sqlstate = server_error.sqlstate,
                  .message = ellipsize(server_error.message, longest_logged_message)},
                 author_);
}

std::string Journal::noted_sql(std::string_view message) const {
  return log_sql(JournalTables(schema_), "NULL",
                 {.direction = "journal", .outcome = "done", .message = std::string(message)}, author_);
}

std::string Journal::marked_applied_sql(const revision::RevisionId& id,
                                        const std::optional<JournalEntry>& as_now) const {
  const JournalTables tables(schema_);
  const std::string literal = quote_literal(id.str());
  // Going down, it has been applied all the time: when, and by whom, stays.
  return fmt::format(
      "UPDATE {} SET applied_at = CASE WHEN state = 'applying' THEN {} ELSE applied_at END, state = 'applied', "
      "steps_done = steps_total, batch = NULL{} WHERE revision = {};\n{}",
      tables.revision, now, as_now ? told_by_file_sql(*as_now) : std::string(), literal,
      log_sql(tables, literal,
              {.direction = "stamp", .outcome = "added", .message = as_now ? "as its file is now" : ""}, author_));
}

std::string Journal::marked_done_sql(const revision::RevisionId& id, int steps_done, std::optional<int> steps_total,
                                     std::string_view downgrade) const {
  const JournalTables tables(schema_);
  std::string counted_in;
  if (steps_total) {
    counted_in =
        fmt::format("UPDATE {0} SET steps_done = least(steps_done, {1}), steps_total = {1}{2} WHERE revision = {3};\n",
                    tables.revision, *steps_total, downgrade_assignment(downgrade), quote_literal(id.str()));
  }
  const std::string message = fmt::format("{} done", started_message(steps_done));
  // Where a walk in batches was, no longer counts.
  return fmt::format(
      "{}{};\n{}", counted_in, last_batch_done_sql(id, steps_done),
      log_sql(tables, quote_literal(id.str()), {.direction = "stamp", .outcome = "done", .message = message}, author_));
}

std::string Journal::stamped_sql(const std::vector<JournalEntry>& added,
                                 const std::vector<revision::RevisionId>& removed, bool purge) const {
  const JournalTables tables(schema_);
  std::vector<std::string> statements;
  const auto remove = [&](const std::string& condition) {
    statements.push_back(fmt::format("INSERT INTO {} ({}) SELECT revision, {} FROM {} WHERE {}", tables.log,
                                     log_columns, log_values({.direction = "stamp", .outcome = "removed"}, author_),
                                     tables.revision, condition));
    statements.push_back(fmt::format("DELETE FROM {} WHERE {}", tables.revision, condition));
  };
  if (purge) {
    remove("true");
  } else if (!removed.empty()) {
    remove(fmt::format("revision = ANY ({})", ids_array(removed)));
  }
  if (!added.empty()) {
    std::vector<std::string> rows, log_rows;
    for (const auto& entry : added) {
      rows.push_back(revision_values(entry, {RevisionState::applied, 0, 0, now}, author_));
      log_rows.push_back(fmt::format("({}, {})", quote_literal(entry.id.str()),
                                     log_values({.direction = "stamp", .outcome = "added"}, author_)));
    }
    statements.push_back(
        fmt::format("INSERT INTO {} ({}) VALUES\n{}\nON CONFLICT (revision) DO UPDATE SET {}, "
                    "steps_done = excluded.steps_done",
                    tables.revision, revision_columns, fmt::join(rows, ",\n"), take_from_file));
    statements.push_back(
        fmt::format("INSERT INTO {} ({}) VALUES\n{}", tables.log, log_columns, fmt::join(log_rows, ",\n")));
  }
  return fmt::format("{}", fmt::join(statements, ";\n"));
}

}  // namespace migrate::db
