#include "db/index_state.hpp"
#include "support/catch.hpp"

using namespace migrate::db;

namespace {

std::string moved(std::string_view statement) { return on_another_table(statement, "i", "pg_temp.t"); }

}  // namespace

TEST_CASE("CREATE INDEX CONCURRENTLY can be said of another table") {
  CHECK(moved("CREATE INDEX CONCURRENTLY ix ON t (a)") == "CREATE INDEX i ON pg_temp.t (a)");
  CHECK(moved("create unique index concurrently if not exists IX on only app.t using gist (f(a, 'x')) WHERE b > 0") ==
        "CREATE UNIQUE INDEX i ON pg_temp.t using gist (f(a, 'x')) WHERE b > 0");
  CHECK(moved("CREATE INDEX /* why */ CONCURRENTLY \"Odd \"\"ix\"\"\" -- here\n ON \"My db\".\"T\"(a)") ==
        "CREATE INDEX i ON pg_temp.t (a)");
  CHECK(moved("CREATE INDEX CONCURRENTLY ON t (a)") == "CREATE INDEX i ON pg_temp.t (a)");
}

TEST_CASE("other statements cannot") {
  CHECK(moved("CREATE INDEX ix ON t (a)").empty());
  CHECK(moved("REINDEX INDEX CONCURRENTLY ix").empty());
  CHECK(moved("CREATE INDEX CONCURRENTLY").empty());
  CHECK(moved("").empty());
}
