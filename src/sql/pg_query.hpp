// libpg_query behind values: the only file that calls it, and the one to change where its versions differ. The typed
// tree (pg_query/pg_query.pb-c.h) has the same names in 15 and 17 for all that this room reads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pg_query/pg_query.pb-c.h>

#include <migrate/base/result.hpp>
#include <migrate/sql/scan.hpp>

namespace migrate::sql {

// A complaint of libpg_query. It has no place where a literal's escapes give bytes that are not UTF-8.
struct Complaint {
  std::string message;
  std::optional<ByteOffset> at;
};

// The whole text's tokens or the first complaint. Requires: no NUL in `text`.
Result<std::vector<Token>, Complaint> scan_all(std::string_view text);

// Is this word, in lower case, a keyword that can't stand for a column or table everywhere? Requires: no NUL in `word`.
bool is_reserved(std::string_view word);

// A parse tree, freed with it.
class ParseTree {
 public:
  explicit ParseTree(PgQuery__ParseResult* result) : result_(result) {}

  // The first statement's node; null where the text holds none.
  [[nodiscard]] const PgQuery__Node* statement() const;
  // The number of statements.
  [[nodiscard]] std::size_t size() const { return result_ ? result_->n_stmts : 0; }

 private:
  struct Free {
    void operator()(PgQuery__ParseResult* result) const;
  };
  std::unique_ptr<PgQuery__ParseResult, Free> result_;
};

// Requires: no NUL in `text`.
Result<ParseTree, SyntaxError> parse(std::string_view text);

// The PL/pgSQL body of a CREATE FUNCTION or DO, as libpg_query's JSON; none where it can't be parsed.
// Requires: no NUL in `text`, and one statement that has a body in quotes.
std::optional<std::string> parse_plpgsql(std::string_view text);

}  // namespace migrate::sql
