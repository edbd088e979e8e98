// COPY with the client at the other end.
#pragma once

#include <span>
#include <string_view>

#include <migrate/sql/scan.hpp>

namespace migrate::sql {

enum class CopyDirection { none, from_client, to_client };

// `none` for what is no COPY, and for COPY with a file or a program of the server. `tokens` holds no comments.
// Source: CopyStmt in gram.y, which takes stdin and stdout in both directions.
CopyDirection copy_direction(std::span<const Token> tokens, std::string_view text);

}  // namespace migrate::sql
