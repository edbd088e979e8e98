#include "db/leftovers.hpp"
#include "support/catch.hpp"

using namespace migrate::db;

TEST_CASE("the index of CREATE INDEX CONCURRENTLY is read from its words") {
  CHECK(parse_named_index("CREATE INDEX CONCURRENTLY ix ON t (a)") == NamedIndex{"ix", "t"});
  CHECK(parse_named_index("create unique index concurrently if not exists IX on only app.t using btree (a)") ==
        NamedIndex{"ix", "app.t"});
  CHECK(parse_named_index("CREATE INDEX /* why */ CONCURRENTLY \"Odd \"\"ix\"\"\" -- here\n ON \"My db\".\"T\"(a)") ==
        NamedIndex{"Odd \"ix\"", "\"My db\".\"T\""});
  CHECK_FALSE(parse_named_index("CREATE INDEX CONCURRENTLY ON t (a)"));
  CHECK_FALSE(parse_named_index("CREATE INDEX ix ON t (a)"));
  CHECK_FALSE(parse_named_index("REINDEX INDEX CONCURRENTLY ix"));
  CHECK_FALSE(parse_named_index("CREATE INDEX CONCURRENTLY"));
  CHECK_FALSE(parse_named_index(""));
}

TEST_CASE("what a statement left is what was not there before it") {
  CHECK(added({"a", "c"}, {"a", "b", "c", "d"}) == Leftovers{"b", "d"});
  CHECK(added({"a"}, {}).empty());
}
