#include "db/session_replay.hpp"

#include <migrate/base/source.hpp>
#include <migrate/sql/statement.hpp>

#include <fmt/format.h>

#include "support/catch.hpp"

using namespace migrate;

namespace {

// What is said again of the statements before the last one, a line each.
std::string said_again(const std::string& sql) {
  db::RevisionRun run;
  run.source = make_source("a.sql", sql);
  auto statements = sql::split_statements(run.source, {0, sql.size()});
  REQUIRE(statements);
  for (auto& statement : *statements) run.statements.push_back({std::move(statement), {}, {}});
  std::string lines;
  for (const std::size_t i : db::lasting_settings(run, run.statements.size() - 1)) {
    lines += std::string(run.source->text(run.statements[i].statement.range)) + "\n";
  }
  return lines;
}

}  // namespace

TEST_CASE("what still holds for the session is said again, in its order") {
  CHECK(said_again("SET search_path = a;\nCREATE TABLE t ();\nset Work_Mem to '1MB';\nSELECT 1;\n") ==
        "SET search_path = a\nset Work_Mem to '1MB'\n");
  CHECK(said_again("SET search_path = a;\nSET SEARCH_PATH = b;\nSELECT 1;\n") == "SET SEARCH_PATH = b\n");
  CHECK(said_again("SET ROLE a;\nCREATE TABLE t ();\nRESET ROLE;\nDROP ROLE a;\nSELECT 1;\n") == "RESET ROLE\n");
  CHECK(said_again("SET ROLE a;\nSET work_mem = '1MB';\nRESET ALL;\nSET timezone = 'UTC';\nSELECT 1;\n") ==
        "SET ROLE a\nRESET ALL\nSET timezone = 'UTC'\n");
  CHECK(said_again("SET SESSION AUTHORIZATION a;\nRESET SESSION AUTHORIZATION;\nSELECT 1;\n") ==
        "RESET SESSION AUTHORIZATION\n");
  CHECK(said_again("SET TIME ZONE 'UTC';\nSET timezone TO DEFAULT;\nSELECT 1;\n") == "SET timezone TO DEFAULT\n");
}

TEST_CASE("what holds for a transaction is none of it, and takes nothing back") {
  CHECK(said_again("SET work_mem = '1MB';\nSET LOCAL work_mem = '2MB';\nSELECT 1;\n") == "SET work_mem = '1MB'\n");
  CHECK(
      said_again("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSET CONSTRAINTS ALL DEFERRED;\nSELECT 1;\n").empty());
  CHECK(said_again("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;\nSELECT 1;\n") ==
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY\n");
  CHECK(said_again("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n"
                   "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;\nSELECT 1;\n") ==
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE\n"
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE\n");
}

TEST_CASE("set_config() takes nothing back, and is taken back") {
  CHECK(said_again("SET search_path = a;\nSELECT pg_catalog.set_config('search_path', '', false);\nSELECT 1;\n") ==
        "SET search_path = a\nSELECT pg_catalog.set_config('search_path', '', false)\n");
  CHECK(said_again("SELECT set_config('Search_Path', 'x', false);\nRESET search_path;\nSELECT 1;\n") ==
        "RESET search_path\n");
  CHECK(said_again("SELECT set_config('a' || '.b', 'x', false);\nRESET a.b;\nSELECT 1;\n") ==
        "SELECT set_config('a' || '.b', 'x', false)\nRESET a.b\n");
  CHECK(said_again("SELECT set_config;\nSELECT 1;\n").empty());
}
