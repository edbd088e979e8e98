#include "db/leftovers.hpp"

#include <migrate/base/text.hpp>
#include <migrate/sql/scan.hpp>

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

namespace migrate::db {
namespace {

constexpr int first_with_detach_concurrently = 140000;

// Checked on 14 to 18.
constexpr std::string_view invalid_indexes = R"(
SELECT pg_catalog.format('invalid index %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid)";

constexpr std::string_view half_detached_partitions = R"(
UNION ALL
SELECT pg_catalog.format('partition %I.%I half detached', n.nspname, c.relname)
FROM pg_catalog.pg_inherits h
JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE h.inhdetachpending)";

constexpr std::string_view this_index = " AND c.relname = $1 AND i.indrelid = pg_catalog.to_regclass($2)";

// The words and names of a statement, one after another.
class TokenWalk {
 public:
  explicit TokenWalk(std::string_view text) : text_(text) {
    auto scanned = sql::scan(text);
    if (!scanned) return;
    for (const auto& token : *scanned) {
      if (token.kind != sql::TokenKind::comment) tokens_.push_back(token);
    }
  }

  bool skip(std::string_view word) {
    if (!equals_ignoring_case(here(), word)) return false;
    ++at_;
    return true;
  }
  // A name as written, not a keyword: where one may stand instead, it is asked for first.
  std::optional<std::string_view> name() {
    if (at_ >= tokens_.size()) return std::nullopt;
    const auto kind = tokens_[at_].kind;
    if (kind != sql::TokenKind::word && kind != sql::TokenKind::quoted_identifier) return std::nullopt;
    return tokens_[at_++].range.of(text_);
  }

 private:
  [[nodiscard]] std::string_view here() const {
    return at_ < tokens_.size() ? tokens_[at_].range.of(text_) : std::string_view();
  }

  std::string_view text_;
  std::vector<sql::Token> tokens_;
  std::size_t at_ = 0;
};

std::string unquoted(std::string_view name) {
  if (!name.starts_with('"')) return to_lower_ascii(name);
  std::string text;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    text.push_back(name[i]);
    if (name[i] == '"') ++i;  // a doubled one
  }
  return text;
}

}  // namespace

Result<Leftovers, ServerError> read_leftovers(Session& session) {
  const bool detach = session.info().server_version_num >= first_with_detach_concurrently;
  auto rows = session.query(std::string(invalid_indexes) + std::string(detach ? half_detached_partitions : ""));
  if (!rows) return Unexpected{std::move(rows).error()};
  Leftovers found;
  for (const Row& row : *rows) found.push_back(row.front().value_or(std::string()));
  std::sort(found.begin(), found.end());
  return found;
}

Leftovers added(const Leftovers& before, const Leftovers& after) {
  Leftovers difference;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(difference));
  return difference;
}

std::optional<NamedIndex> parse_named_index(std::string_view statement) {
  TokenWalk walk(statement);
  if (!walk.skip("CREATE")) return std::nullopt;
  walk.skip("UNIQUE");
  if (!walk.skip("INDEX") || !walk.skip("CONCURRENTLY")) return std::nullopt;
  if (walk.skip("IF")) {
    walk.skip("NOT");
    walk.skip("EXISTS");
  }
  if (walk.skip("ON")) return std::nullopt;
  const auto index = walk.name();
  if (!index || !walk.skip("ON")) return std::nullopt;
  walk.skip("ONLY");
  auto part = walk.name();
  std::string table;
  while (part) {
    table += *part;
    if (!walk.skip(".")) break;
    table += '.';
    part = walk.name();
  }
  if (table.empty()) return std::nullopt;
  return NamedIndex{unquoted(*index), std::move(table)};
}

Result<std::optional<std::string>, ServerError> read_invalid_index(Session& session, const NamedIndex& index) {
  const std::array<std::optional<std::string>, 2> names{index.index, index.table};
  auto rows = session.query(std::string(invalid_indexes) + std::string(this_index), names);
  if (!rows) return Unexpected{std::move(rows).error()};
  return rows->empty() ? std::nullopt : rows->front().front();
}

}  // namespace migrate::db
