// Types of models.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("a type has the server's name for it, whatever its spelling, and its range is all that was written") {
  struct Case {
    std::string written;
    std::string expected;
  };
  const Case cases[] = {
      {"int", "int4"},
      {"integer", "int4"},
      {"INT4", "int4"},
      {"bigint", "int8"},
      {"int8", "int8"},
      {"smallint", "int2"},
      {"serial", "int4 serial"},
      {"serial4", "int4 serial"},
      {"bigserial", "int8 serial"},
      {"SERIAL8", "int8 serial"},
      {"smallserial", "int2 serial"},
      {"serial2", "int2 serial"},
      {"boolean", "bool"},
      {"bool", "bool"},
      {"real", "float4"},
      {"float", "float8"},
      {"float(24)", "float4"},
      {"double precision", "float8"},
      {"decimal(10, 2)", "numeric(10,2)"},
      {"dec(3)", "numeric(3)"},
      {"numeric(10,-2)", "numeric(10,-2)"},
      {"numeric", "numeric"},
      {"text", "text"},
      {"pg_catalog.text", "text"},
      {"varchar(40)", "varchar(40)"},
      {"varchar", "varchar"},
      {"character varying (40)", "varchar(40)"},
      {"national character varying(3)", "varchar(3)"},
      {"nchar varying(3)", "varchar(3)"},
      {"char varying(3)", "varchar(3)"},
      {"char", "bpchar(1)"},
      {"character(2)", "bpchar(2)"},
      {"national char(2)", "bpchar(2)"},
      {"bpchar", "bpchar"},
      {"\"char\"", "char quoted"},
      {"pg_catalog.\"char\"", "char quoted"},
      {"timestamp", "timestamp"},
      {"timestamp(3)", "timestamp(3)"},
      {"timestamp without time zone", "timestamp"},
      {"timestamp (3) with time zone", "timestamptz(3)"},
      {"timestamptz", "timestamptz"},
      {"time with time zone", "timetz"},
      {"time", "time"},
      {"date", "date"},
      {"interval", "interval"},
      {"interval(3)", "interval(3)"},
      {"interval year to month", "interval(6)"},
      {"interval day to second(3)", "interval(7176,3)"},
      {"bit", "bit(1)"},
      {"bit varying(5)", "varbit(5)"},
      {"json", "json"},
      {"jsonb", "jsonb"},
      {"uuid", "uuid"},
      {"bytea", "bytea"},
      {"money", "money"},
      {"int[]", "int4[]"},
      {"int[3][4]", "int4[][]"},
      {"text ARRAY", "text[]"},
      {"text array[4]", "text[]"},
      {"timestamp with time zone[]", "timestamptz[]"},
      {"varchar(10)[]", "varchar(10)[]"},
      {"mood", "mood"},
      {"app.mood", "app.mood"},
      {"app.int8", "app.int8"},
      {"\"App\".\"Mood Of\"[]", "App.Mood Of[]"},
      {"geometry(Point, 4326)", "geometry(4326)"},
  };
  for (const auto& each : cases) {
    INFO(each.written);
    const ReadStatement created("CREATE TABLE t (c " + each.written + " COLLATE \"C\" NOT NULL, d " + each.written +
                                ")");
    const auto& columns = created.as<sql::CreateTable>().columns;
    REQUIRE(columns.size() == 2);
    CHECK(describe(columns[0].type) == each.expected);
    CHECK(created.text(columns[0].type.range) == each.written);
    CHECK(created.text(columns[1].type.range) == each.written);
    CHECK(columns[0].collation == "C");

    const ReadStatement altered("ALTER TABLE t ALTER c TYPE " + each.written + " USING c::text, DROP d");
    const auto& command = altered.as<sql::AlterTable>().commands.at(0);
    REQUIRE(command.type);
    CHECK(describe(*command.type) == each.expected);
    CHECK(altered.text(command.type->range) == each.written);
    CHECK(command.expression->text == "c::text");
  }
}

TEST_CASE("a type of several words may have a comment and a line's end between them") {
  const ReadStatement read("CREATE TABLE t (c double -- wide\n  precision NOT NULL)");
  const auto& column = read.as<sql::CreateTable>().columns.at(0);
  CHECK(describe(column.type) == "float8");
  CHECK(read.text(column.type.range) == "double -- wide\n  precision");
}
