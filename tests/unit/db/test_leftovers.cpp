#include "db/leftovers.hpp"
#include "support/catch.hpp"

using namespace migrate::db;

TEST_CASE("what a statement left is what was not there before it") {
  CHECK(added({"a", "c"}, {"a", "b", "c", "d"}) == Leftovers{"b", "d"});
  CHECK(added({"a"}, {}).empty());
}
