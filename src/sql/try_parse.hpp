// A statement's parse tree, where it is worth one.
#pragma once

#include <optional>
#include <string_view>

#include <migrate/sql/model.hpp>
#include <migrate/sql/statement.hpp>

#include "sql/limits.hpp"
#include "sql/pg_query.hpp"

namespace migrate::sql {

using Parsed = Result<ParseTree, SyntaxError>;

// None of data (`largest_parsed`), and of a text that no parser takes.
inline std::optional<Parsed> try_parse(std::string_view statement_text) {
  const bool has_nul = statement_text.find('\0') != std::string_view::npos;
  if (statement_text.size() > largest_parsed || has_nul) return std::nullopt;
  return parse(statement_text);
}

// What examine_statement() and read_model() make of it.
StatementFacts facts_of(std::string_view statement_text, const std::optional<Parsed>& tree);
Model model_of(const SourcePtr& source, ByteRange statement, const std::optional<Parsed>& tree);

}  // namespace migrate::sql
