// Statements to replay on real servers: each is at least one row of the table of effects at work.
#pragma once

#include <string>
#include <vector>

#include <migrate/sql/model.hpp>

namespace migrate::test {

// On which of the two fixtures a case runs: `t` is a plain table, or one with the partition `t_p`.
enum class Fixture { both, plain, partitioned };

struct Case {
  std::string setup;  // after the fixture
  std::string statement;
  Fixture fixture = Fixture::both;
  int since = 0;  // major versions that know the statement, or where the case says something
  int until = 99;
  // For SQL that is newer than the parser: what to parse in its place, and what then differs.
  std::string parsed_as = {};
  void (*mend)(sql::Model&) = nullptr;
  std::string time_zone = "UTC";
};

std::vector<Case> column_cases();
std::vector<Case> type_cases();
std::vector<Case> constraint_cases();
std::vector<Case> table_cases();
std::vector<Case> partition_cases();
std::vector<Case> index_cases();
std::vector<Case> maintenance_cases();
std::vector<Case> object_cases();
std::vector<Case> row_cases();

std::vector<Case> all_cases();

}  // namespace migrate::test
