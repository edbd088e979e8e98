#include <migrate/db/probe.hpp>

#include <migrate/base/text.hpp>
#include <migrate/sql/scan.hpp>

#include "db/session_failure.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace migrate::db {
namespace {

constexpr std::string_view clone_schema = "migrate_probe";

// Where the table's name stands in ALTER TABLE [IF EXISTS] [ONLY] name.
class Head {
 public:
  explicit Head(std::string_view text) : text_(text) {
    const auto scanned = sql::scan(text);
    if (!scanned) return;
    for (const auto& token : *scanned) {
      if (token.kind != sql::TokenKind::comment) tokens_.push_back(token);
    }
  }

  [[nodiscard]] std::optional<ByteRange> name() const {
    if (!is(0, "alter") || !is(1, "table")) return std::nullopt;
    std::size_t at = 2;
    if (is(at, "if") && is(at + 1, "exists")) at += 2;
    if (is(at, "only")) ++at;
    if (at >= tokens_.size()) return std::nullopt;
    std::size_t last = at;
    if (is(at + 1, ".") && at + 2 < tokens_.size()) last = at + 2;
    return ByteRange{tokens_[at].range.begin, tokens_[last].range.end};
  }

  [[nodiscard]] bool has(std::string_view word) const {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (is(i, word)) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] bool is(std::size_t index, std::string_view word) const {
    if (index >= tokens_.size()) return false;
    const auto range = tokens_[index].range;
    return to_lower_ascii(text_.substr(range.begin, range.end - range.begin)) == word;
  }

  std::string_view text_;
  std::vector<sql::Token> tokens_;
};

// schema, name, and the checks that LIKE would take for valid ones. A partitioned table has no rows to write anew.
// Checked on 14 to 18.
constexpr std::string_view source_query = R"(
SELECT n.nspname, c.relname, k.conname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'n') AND NOT k.convalidated
WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind = 'r')";

// The table's file and scans, and its indexes' files, in one row.
constexpr std::string_view state_query = R"(
SELECT c.relfilenode, coalesce(s.seq_scan, 0), coalesce((SELECT pg_catalog.string_agg(x.relfilenode::text, ' ' ORDER BY x.relfilenode)
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid), '')
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_stat_xact_user_tables s ON s.relid = c.oid
WHERE c.oid = pg_catalog.to_regclass($1))";

bool ends_all(const ServerError& error) { return error.connection_lost || error.interrupted; }

class Trial {
 public:
  Trial(Session& session, std::string_view statement, ByteRange name)
      : session_(session),
        name_(statement.substr(name.begin, name.end - name.begin)),
        before_(statement.substr(0, name.begin)),
        after_(statement.substr(name.end)) {}

  Result<std::optional<Probe>, ServerError> run() {
    MIGRATE_TRY_ASSIGN(const auto source, ask(source_query, name_));
    if (source.empty()) return std::optional<Probe>();
    const std::string clone =
        fmt::format("{}.{}", quote_identifier(clone_schema), quote_identifier(source[0][1].value_or("")));
    std::string making = fmt::format(
        "SET LOCAL lock_timeout = '100ms'; SET LOCAL statement_timeout = '5s'; CREATE SCHEMA {};\n"
        "CREATE TABLE {} (LIKE {}.{} INCLUDING ALL)",
        quote_identifier(clone_schema), clone, quote_identifier(source[0][0].value_or("")),
        quote_identifier(source[0][1].value_or("")));
    for (const auto& row : source) {
      if (row[2])
        making += fmt::format(";\nALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", clone, quote_identifier(*row[2]));
    }
    MIGRATE_TRY(session_.execute(making));
    MIGRATE_TRY_ASSIGN(const auto was, ask(state_query, clone));
    MIGRATE_TRY(session_.execute(before_ + clone + after_));
    MIGRATE_TRY_ASSIGN(const auto is, ask(state_query, clone));
    // A renamed clone is not found again.
    if (was.empty() || is.empty()) return std::optional<Probe>();
    Probe probe;
    probe.rewrites = was[0][0] != is[0][0];
    probe.builds_index = has_new_file(was[0][2].value_or(""), is[0][2].value_or(""));
    probe.scans = !probe.rewrites && was[0][1] != is[0][1];
    return std::optional(probe);
  }

 private:
  Result<std::vector<Row>, ServerError> ask(std::string_view query, const std::string& table) {
    const std::array<std::optional<std::string>, 1> parameters{table};
    return session_.query(query, parameters);
  }

  static bool has_new_file(std::string_view was, std::string_view is) {
    const std::string padded = fmt::format(" {} ", was);
    for (const auto file : split_list(is)) {
      if (padded.find(fmt::format(" {} ", file)) == std::string::npos) return true;
    }
    return false;
  }

  Session& session_;
  std::string name_, before_, after_;
};

}  // namespace

Result<std::optional<Probe>> probe(Session& session, std::string_view statement) {
  const Head head(statement);
  const auto name = head.name();
  // A foreign key would lock the other table in earnest.
  if (!name || head.has("references") || session.info().in_recovery ||
      session.transaction_status() != TransactionStatus::idle) {
    return std::optional<Probe>();
  }
  if (auto begun = session.execute("BEGIN"); !begun) return fail(session_failure(begun.error()));
  auto found = Trial(session, statement, *name).run();
  auto ended = session.execute("ROLLBACK");
  if (!found && ends_all(found.error())) return fail(session_failure(found.error()));
  if (!ended) return fail(session_failure(ended.error()));
  // What the server refuses on the clone it tells nothing of.
  return found ? *found : std::optional<Probe>();
}

}  // namespace migrate::db
