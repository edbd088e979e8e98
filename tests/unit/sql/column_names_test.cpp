#include <migrate/sql/column_names.hpp>

#include "support/catch.hpp"

using migrate::sql::without_qualifiers;

TEST_CASE("columns lose their table, and nothing else loses what stands before it") {
  CHECK(
      without_qualifiers("CREATE INDEX ON app.t (lower(app.t.name), (T . \"B c\"), x) WHERE t /* why */ . user > 0") ==
      "CREATE INDEX ON app.t (lower(\"name\"), (\"B c\"), x) WHERE \"user\" > 0");
  CHECK(without_qualifiers("CREATE INDEX ON t (t.f(name) t.ops, (t.tags[1]) COLLATE t.c, ((t.point).x::t.kind))") ==
        "CREATE INDEX ON t (t.f(name) t.ops, (\"tags\"[1]) COLLATE t.c, ((\"point\").x::t.kind))");
  CHECK(without_qualifiers("CREATE INDEX ON t (name) WHERE name = 't.name'") ==
        "CREATE INDEX ON t (name) WHERE name = 't.name'");
}

TEST_CASE("what the parser does not know stays as it is") {
  CHECK(without_qualifiers("CREATE INDEX ON t (((t.name)") == "CREATE INDEX ON t (((t.name)");
  CHECK(without_qualifiers("").empty());
}
