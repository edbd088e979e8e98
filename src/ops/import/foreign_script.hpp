// A script of another tool, made fit to be a section of a revision.
#pragma once

#include <string>

#include <migrate/base/result.hpp>

#include "ops/import/format.hpp"

namespace migrate::ops::foreign {

struct Script {
  std::string sql;       // LF line ends, the last statement closed by a semicolon, no transaction control
  std::string comments;  // where there is no statement: what its comments say, in one line
  bool has_statements = false;
  Diagnostics notices;
};

// Errors: `not-utf8`, those of sql::split_statements.
Result<Script> read_script(const ForeignFile& file);

}  // namespace migrate::ops::foreign
