/// \file
/// What there is in a database, as text that can be compared: made by the server, in one question.
#pragma once

#include <string_view>

namespace migrate::kill {

/// Schema `witness`: event triggers count the DDL in schema `app`; witness.look() tells schema, data and journal;
/// witness.counts() what was applied how many times.
extern const std::string_view witness_sql;

}  // namespace migrate::kill
