// libpg_query behind values: the only file that calls it, and the one to change where its versions differ. The typed
// tree (pg_query/pg_query.pb-c.h) has the same names in 15 and 17 for all that this room reads.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// Memory that is given back as a whole: a parse tree has hundreds of pieces.
class Arena {
 public:
  void* take(std::size_t size);
  // The pieces as protobuf-c asks for them. Requires: the arena stays where it is.
  ProtobufCAllocator allocator();

 private:
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::size_t left_ = 0;
  std::byte* next_ = nullptr;
};

// A parse tree, freed with it.
class ParseTree {
 public:
  // The tree lives in the arena.
  ParseTree(std::unique_ptr<Arena> arena, const PgQuery__ParseResult* result)
      : arena_(std::move(arena)), result_(result) {}

  // The first statement's node; null where the text holds none.
  [[nodiscard]] const PgQuery__Node* statement() const;
  // The number of statements.
  [[nodiscard]] std::size_t size() const { return result_ ? result_->n_stmts : 0; }

 private:
  std::unique_ptr<Arena> arena_;
  const PgQuery__ParseResult* result_;
};

// Requires: no NUL in `text`.
Result<ParseTree, SyntaxError> parse(std::string_view text);

// The PL/pgSQL body of a CREATE FUNCTION or DO, as libpg_query's JSON; none where it can't be parsed.
// Requires: no NUL in `text`, and one statement that has a body in quotes.
std::optional<std::string> parse_plpgsql(std::string_view text);

}  // namespace migrate::sql
