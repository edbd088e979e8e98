// The first words of a statement: the command, and the name of what it works on, as written.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <migrate/sql/scan.hpp>

namespace migrate::sql {

struct StatementHead {
  std::string tag;      // "CREATE INDEX CONCURRENTLY"
  std::string summary;  // "CREATE UNIQUE INDEX CONCURRENTLY ix_users_email"
};

// `tokens` are those of one statement, or its first ones, without comments. Literals are never in the summary: they
// may be secrets.
StatementHead read_head(std::span<const Token> tokens, std::string_view text);

}  // namespace migrate::sql
