// Which statements PostgreSQL refuses inside a transaction block.
#pragma once

#include <string_view>

#include <migrate/sql/statement.hpp>

#include "sql/pg_query.hpp"

namespace migrate::sql {

struct BlockFacts {
  BlockRule rule = BlockRule::allowed;
  TransactionControl control = TransactionControl::none;
  bool concurrently = false;
  bool operator==(const BlockFacts&) const = default;
};

// Source: the calls of PreventInTransactionBlock in PostgreSQL 14 to 18 (tcop/utility.c, commands/*.c).
BlockFacts block_facts(const PgQuery__Node& statement);

// The same from a statement's tag, where there is no tree.
BlockFacts block_facts_of_tag(std::string_view tag);

}  // namespace migrate::sql
