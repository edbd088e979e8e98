#include <migrate/db/journal.hpp>

#include <migrate/db/field.hpp>

#include "db/exchange.hpp"
#include "db/journal_tables.hpp"
#include "db/lock_holder.hpp"
#include "db/session_failure.hpp"
#include "db/session_state.hpp"

#include <array>

#include <fmt/format.h>

namespace migrate::db {
namespace {

// All in one question: without rows in either table there is still one row of nulls. Checked on 14 to 18.
constexpr std::string_view read_query = R"(SELECT l.format, l.project,
  r.revision, pg_catalog.array_to_string(r.parents, ',', '?'), pg_catalog.array_to_string(r.depends_on, ',', '?'),
  r.message, r.checksum, r.raw_checksum, r.state, r.steps_done, r.steps_total,
  extract(epoch FROM r.applied_at), r.applied_by, r.duration_ms, r.tool_version, l.tool_version, l.id,
  CASE WHEN r.state <> 'applied' THEN pg_catalog.to_jsonb(r) #>> '{{batch,batches}}' END,
  CASE WHEN r.state <> 'applied' THEN pg_catalog.to_jsonb(r) #>> '{{batch,rows}}' END
FROM (SELECT) one
LEFT JOIN (SELECT id, format, tool_version,
             (SELECT p.project FROM {1} p WHERE p.project IS NOT NULL ORDER BY p.id DESC LIMIT 1) AS project
           FROM {1} ORDER BY id DESC LIMIT 1) l ON true
LEFT JOIN {0} r ON true
ORDER BY r.revision COLLATE "C")";

// A restore locks the tables until its end.
constexpr std::string_view limited = "SET LOCAL lock_timeout TO '1s';\n";
constexpr std::string_view locks_journal =
    "l.relation IN (pg_catalog.to_regclass($1)::pg_catalog.oid, pg_catalog.to_regclass($2)::pg_catalog.oid) AND l.mode "
    "= "
    "'AccessExclusiveLock'";

constexpr std::string_view format_query = "SELECT format, tool_version FROM {} ORDER BY id DESC LIMIT 1";
constexpr std::string_view last_word_query =
    "SELECT outcome, message FROM {} WHERE revision = $1 ORDER BY id DESC LIMIT 1";
constexpr std::string_view downgrade_query = "SELECT downgrade FROM {} WHERE revision = $1";

// Tables of extensions are not the user's.
constexpr std::string_view presence_query = R"(SELECT
  pg_catalog.to_regclass($1) IS NOT NULL, pg_catalog.to_regclass($2) IS NOT NULL,
  EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
            AND c.oid IS DISTINCT FROM pg_catalog.to_regclass($1) AND c.oid IS DISTINCT FROM pg_catalog.to_regclass($2)
            AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                              AND d.deptype = 'e')))";

// A run that failed leaves a journal in which nothing ever was.
constexpr std::string_view ever_applied_query =
    "SELECT EXISTS (SELECT FROM {} WHERE revision IS NOT NULL AND outcome IN ('done', 'added', 'removed'))";

struct Presence {
  bool revision = false, log = false, others = false;
};

Failure damaged(const std::string& schema, std::string what) {
  return {error("journal-damaged", fmt::format("the journal in schema `{}` is damaged: {}", schema, what))
              .note("state", "nothing was changed")
              .help("docs/reference/journal.md says what its tables hold; restore them from a backup, or drop both and "
                    "tell what is applied with `migrate stamp REVISION`")};
}

Failure newer_format(const std::string& schema, int format, const std::string& tool_version) {
  return {error("journal-newer-format", fmt::format("the journal in schema `{}` has format {}; this version of migrate "
                                                    "knows formats up to {}",
                                                    schema, format, journal_format))
              .note(fmt::format("it was written by migrate {}", tool_version))
              .note("state", "nothing was changed")
              .help(fmt::format("use migrate {} or later", tool_version))};
}

Failure no_permission(Session& session, const std::string& schema, const ServerError& refusal) {
  const JournalTables tables(schema);
  const std::string& role = SessionAccess::state(session).options.role;
  const std::string& name = role.empty() ? session.info().user : role;
  const std::string user = quote_identifier(name);
  const std::string schema_name = quote_identifier(schema);
  Diagnostic diagnostic =
      error("journal-no-permission",
            fmt::format("`{}` may not use the journal in schema `{}`: {}", name, schema, refusal.message))
          .note("postgres", fmt::format("SQLSTATE {}", refusal.sqlstate))
          .note("state", "nothing was changed")
          .help(fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}", schema_name, user))
          .help(fmt::format("if another user made the journal: GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}; "
                            "GRANT SELECT, INSERT ON {} TO {}",
                            tables.revision, user, tables.log, user))
          .help("or keep it elsewhere: `schema` in [journal] of migrate.toml");
  diagnostic.sqlstate = refusal.sqlstate;
  return {std::move(diagnostic), ExitCode::unreachable};
}

Failure journal_locked(Session& session, const std::string& schema) {
  Diagnostic diagnostic = error("journal-locked", fmt::format("another session has locked the journal of database `{}`",
                                                              session.info().database));
  const JournalTables tables(schema);
  const std::array<std::optional<std::string>, 2> names{tables.revision, tables.log};
  if (const auto rows = session.query(holders_sql(locks_journal), names)) {
    for (const Row& row : *rows) diagnostic = std::move(diagnostic).note("held by", describe(read_holder(row)));
  }
  return {std::move(diagnostic)
              .note("a restore does so until it is done")
              .note("state", "nothing was changed")
              .help("run the same command again later; who holds the migration lock: migrate lock status"),
          ExitCode::unreachable};
}

Failure no_schema(const std::string& schema) {
  Diagnostic diagnostic = schema.empty()
                              ? error("no-schema", "there is no schema to keep the journal in")
                                    .note("no schema of `search_path` exists")
                                    .help("name one: `schema` in [journal] of migrate.toml")
                              : error("no-schema", fmt::format("schema `{}` does not exist", schema))
                                    .help(fmt::format("create it: CREATE SCHEMA {}", quote_identifier(schema)))
                                    .help("or name another: `schema` in [journal] of migrate.toml");
  return {std::move(diagnostic).note("state", "nothing was changed")};
}

Result<Presence> look_for_tables(Session& session, const std::string& schema) {
  const JournalTables tables(schema);
  const std::array<std::optional<std::string>, 2> names{tables.revision, tables.log};
  auto rows = session.query(presence_query, names);
  if (!rows) {
    if (rows.error().sqlstate == "42501") return fail(no_permission(session, schema, rows.error()));
    return fail(session_failure(rows.error()));
  }
  const Row& row = rows->front();
  const Presence presence{row[0] == "t", row[1] == "t", row[2] == "t"};
  if (presence.revision != presence.log) {
    return fail(
        damaged(schema, fmt::format("table `{}` is missing", presence.log ? "migrate_revision" : "migrate_log")));
  }
  return presence;
}

/// As an answer to whether the database was made by other means: of a journal without rows.
Result<bool> has_tables_of_others(Session& session, const std::string& schema) {
  MIGRATE_TRY_ASSIGN(const Presence presence, look_for_tables(session, schema));
  if (!presence.others) return false;
  const auto ever = session.query(fmt::format(fmt::runtime(ever_applied_query), JournalTables(schema).log));
  if (!ever) return fail(session_failure(ever.error()));
  return ever->front()[0] != "t";
}

// One row of read_query; the columns before `revision` are the log's.
class RowReader {
 public:
  RowReader(const Row& row, const std::string& schema) : row_(row), schema_(schema) {}

  Result<JournalRow> read() const {
    JournalRow result;
    const std::string id = text(2);
    if (!revision::RevisionId::is_valid(id))
      return fail(damaged(schema_, fmt::format("`{}` is not a revision id", id)));
    result.entry.id = revision::RevisionId(id);
    MIGRATE_TRY_ASSIGN(result.entry.parents, ids(3, "parents"));
    MIGRATE_TRY_ASSIGN(result.entry.depends_on, ids(4, "depends_on"));
    constexpr std::pair<std::size_t, std::string_view> never_null[] = {
        {5, "message"}, {6, "checksum"}, {7, "raw_checksum"}, {12, "applied_by"}, {14, "tool_version"}};
    for (const auto& [column, name] : never_null) {
      if (!row_[column]) return fail(impossible(name, "null"));
    }
    result.entry.message = text(5);
    result.entry.checksum = text(6);
    result.entry.raw_checksum = text(7);
    MIGRATE_TRY_ASSIGN(result.state, state());
    const auto done = to_number<int>(row_[9]);
    const auto total = to_number<int>(row_[10]);
    if (!done || *done < 0) return fail(impossible("steps_done", text(9)));
    if (!total || *total < *done) return fail(impossible("steps_total", text(10)));
    result.steps_done = *done;
    result.steps_total = *total;
    if (const auto batches = to_number<std::int64_t>(row_[17])) {
      result.batches = BatchesDone{*batches, to_number<std::int64_t>(row_[18]).value_or(0)};
    }
    if (row_[11]) {
      const auto seconds = to_number<std::int64_t>(row_[11]);
      if (!seconds) return fail(impossible("applied_at", text(11)));
      result.applied_at = Timestamp(std::chrono::seconds(*seconds));
    }
    result.applied_by = text(12);
    result.duration = std::chrono::milliseconds(to_number<std::int64_t>(row_[13]).value_or(0));
    result.tool_version = text(14);
    return result;
  }

 private:
  [[nodiscard]] std::string text(std::size_t column) const { return row_[column].value_or(std::string()); }

  [[nodiscard]] Failure impossible(std::string_view column, std::string_view value) const {
    return damaged(schema_, fmt::format("`{}` of revision `{}` is `{}`", column, text(2), value));
  }

  [[nodiscard]] Result<RevisionState> state() const {
    for (const auto state : {RevisionState::applied, RevisionState::applying, RevisionState::reverting}) {
      if (text(8) == word(state)) return state;
    }
    return fail(impossible("state", text(8)));
  }

  [[nodiscard]] Result<std::vector<revision::RevisionId>> ids(std::size_t column, std::string_view name) const {
    std::vector<revision::RevisionId> result;
    if (!row_[column]) return fail(impossible(name, "null"));
    if (row_[column]->empty()) return result;
    for (const auto id : split(*row_[column], ',')) {
      if (!revision::RevisionId::is_valid(id)) return fail(impossible(name, *row_[column]));
      result.emplace_back(std::string(id));
    }
    return result;
  }

  const Row& row_;
  const std::string& schema_;
};

// The tables are there, but not with our columns: a newer format may be the reason.
Failure strange_columns(Session& session, const std::string& schema, const ServerError& refusal) {
  auto rows = session.query(fmt::format(fmt::runtime(format_query), JournalTables(schema).log));
  if (rows && !rows->empty()) {
    const auto format = to_number<int>(rows->front()[0]);
    if (format && *format > journal_format) return newer_format(schema, *format, rows->front()[1].value_or("?"));
  }
  return damaged(schema, refusal.message);
}

}  // namespace

Journal::Journal(std::string schema, JournalAuthor author) : schema_(std::move(schema)), author_(std::move(author)) {}

Result<JournalContent> Journal::read(Session& session) const {
  JournalContent content;
  if (schema_.empty()) return fail(no_schema(schema_));
  const JournalTables tables(schema_);
  if (session.transaction_status() == TransactionStatus::in_block) {
    // A question for tables that are not there would be the end of the transaction.
    MIGRATE_TRY_ASSIGN(const Presence presence, look_for_tables(session, schema_));
    content.database_has_tables = presence.others;
    if (!presence.log) return content;
  }
  SessionState& state = SessionAccess::state(session);
  const bool alone = session.transaction_status() == TransactionStatus::idle;
  const Exchange asked =
      exchange(state, {.sql = (alone ? state.local_role_sql() + std::string(limited) : std::string()) +
                              fmt::format(fmt::runtime(read_query), tables.revision, tables.log),
                       .keep_rows = true});
  if (asked.error) {
    const std::string& sqlstate = asked.error->sqlstate;
    if (sqlstate == "42P01") {
      MIGRATE_TRY_ASSIGN(const Presence presence, look_for_tables(session, schema_));
      content.database_has_tables = presence.others;
      return content;
    }
    if (sqlstate == "42501") return fail(no_permission(session, schema_, *asked.error));
    if (sqlstate == "55P03") return fail(journal_locked(session, schema_));
    if (sqlstate.starts_with("42")) return fail(strange_columns(session, schema_, *asked.error));
    return fail(session_failure(*asked.error));
  }
  const std::vector<Row>& rows = asked.executed.result;

  content.exists = true;
  content.database_has_tables = false;
  const Row& first = rows.front();
  if (first[0]) {
    const auto format = to_number<int>(first[0]);
    if (!format || *format < 1) return fail(damaged(schema_, fmt::format("`format` of the log is `{}`", *first[0])));
    content.format = *format;
  }
  if (content.format > journal_format) return fail(newer_format(schema_, content.format, first[15].value_or("?")));
  content.project = first[1].value_or(std::string());
  content.log_position = to_number<std::int64_t>(first[16]).value_or(0);
  if (!first[2]) {
    MIGRATE_TRY_ASSIGN(content.database_has_tables, has_tables_of_others(session, schema_));
    return content;
  }
  content.rows.reserve(rows.size());
  for (const Row& row : rows) {
    MIGRATE_TRY_ASSIGN(JournalRow read, RowReader(row, schema_).read());
    content.rows.push_back(std::move(read));
  }
  return content;
}

Result<LastWord, ServerError> Journal::last_word(Session& session, const revision::RevisionId& id,
                                                 int statement) const {
  const std::array<std::optional<std::string>, 1> parameters{id.str()};
  const auto rows = session.query(fmt::format(fmt::runtime(last_word_query), JournalTables(schema_).log), parameters);
  if (!rows) return Unexpected{rows.error()};
  if (rows->empty()) return LastWord::none;
  const Row& row = rows->front();
  if (row[0] == "failed") return LastWord::failed;
  return row[0] == "started" && row[1] == started_message(statement) ? LastWord::under_way : LastWord::none;
}

Result<std::string> Journal::read_downgrade(Session& session, const revision::RevisionId& id) const {
  const std::array<std::optional<std::string>, 1> parameters{id.str()};
  auto rows = session.query(fmt::format(fmt::runtime(downgrade_query), JournalTables(schema_).revision), parameters);
  if (!rows) return fail(session_failure(rows.error()));
  if (rows->empty() || !rows->front()[0] || rows->front()[0]->empty()) {
    return fail(error("no-stored-downgrade", fmt::format("the journal has no downgrade of revision {}", id.str()))
                    .note("state", "nothing was changed")
                    .help("get the revision's file back from version control"));
  }
  return *rows->front()[0];
}

Result<void> Journal::ensure(Session& session) const {
  if (schema_.empty()) return fail(no_schema(schema_));
  // Two that begin at the same moment, without the migration lock: the slower one finds the tables at the second look.
  for (bool again : {false, true}) {
    MIGRATE_TRY_ASSIGN(const Presence presence, look_for_tables(session, schema_));
    if (presence.log) return {};
    const auto created = session.execute(create_sql());
    if (created) return {};
    const ServerError& refusal = created.error();
    if (refusal.sqlstate == "42501") return fail(no_permission(session, schema_, refusal));
    if (refusal.sqlstate == "25006") return fail(read_only_failure(session.info()));
    if (refusal.sqlstate == "3F000") return fail(no_schema(schema_));
    // The table, its row type, or their entry in the catalog: whichever the server came upon first.
    const bool made_by_another =
        refusal.sqlstate == "42P07" || refusal.sqlstate == "42710" || refusal.sqlstate == "23505";
    if (again || !made_by_another) return fail(session_failure(refusal));
  }
  return {};
}

}  // namespace migrate::db
