#include "effects/cases.hpp"

namespace migrate::test {
namespace {

constexpr const char* domains =
    "CREATE DOMAIN positive AS int CHECK (value > 0); CREATE DOMAIN plain AS int; CREATE DOMAIN name AS text;";

sql::AlterCommand& command_of(sql::Model& model) { return std::get<sql::AlterTable>(model.action).commands.front(); }

void make_virtual(sql::Model& model) { command_of(model).column->constraints.front().stored = false; }
void make_set_expression(sql::Model& model) {
  auto& command = command_of(model);
  command.kind = sql::AlterKind::set_expression;
}

}  // namespace

std::vector<Case> column_cases() {
  return {
      {"", "ALTER TABLE t ADD COLUMN c int"},
      {"", "ALTER TABLE t ADD COLUMN c int DEFAULT 7"},
      {"", "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 7"},
      {"", "ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()"},
      {"", "ALTER TABLE t ADD COLUMN c timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP"},
      {"", "ALTER TABLE t ADD COLUMN c text DEFAULT lower('A')"},
      {"", "ALTER TABLE t ADD COLUMN c text DEFAULT NULL"},
      {"", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"},
      {"", "ALTER TABLE t ADD COLUMN c timestamptz DEFAULT clock_timestamp()"},
      {"", "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
       "ALTER TABLE t ADD COLUMN c int DEFAULT f()"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER TABLE t ADD COLUMN c int DEFAULT f()"},
      {"CREATE SEQUENCE s", "ALTER TABLE t ADD COLUMN c int DEFAULT nextval('s')"},
      {"", "ALTER TABLE t ADD COLUMN c bigserial"},
      {"", "ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS IDENTITY", Fixture::plain},
      {"", "ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS IDENTITY", Fixture::partitioned, 17},
      {"", "ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) STORED"},
      {"", "ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) VIRTUAL", Fixture::both, 18, 99,
       "ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) STORED", make_virtual},
      {domains, "ALTER TABLE t ADD COLUMN c positive"},
      {domains, "ALTER TABLE t ADD COLUMN c positive DEFAULT 1"},
      {domains, "ALTER TABLE t ADD COLUMN c plain"},
      {"TRUNCATE t", "ALTER TABLE t ADD COLUMN c int NOT NULL"},
      {"", "ALTER TABLE t ADD COLUMN c int CHECK (c > 0)"},
      {"", "ALTER TABLE t ADD COLUMN c int DEFAULT 1 CHECK (c > 0)"},
      {"", "ALTER TABLE t ADD COLUMN c int REFERENCES ref (id)"},
      {"", "ALTER TABLE t ADD COLUMN c int DEFAULT 1 REFERENCES ref (id)"},
      {"", "ALTER TABLE t ADD COLUMN c int UNIQUE", Fixture::plain},
      {"ALTER TABLE t DROP CONSTRAINT t_pkey", "ALTER TABLE t ADD COLUMN c bigserial PRIMARY KEY", Fixture::plain},
      {"", "ALTER TABLE t DROP COLUMN b"},
      {"", "ALTER TABLE t DROP COLUMN a"},
      {"", "ALTER TABLE t DROP COLUMN IF EXISTS nothing"},
      {"ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES ref", "ALTER TABLE t DROP COLUMN ref_id"},
      {"CREATE TABLE child (t_id int REFERENCES t)", "ALTER TABLE t DROP COLUMN id CASCADE", Fixture::plain},
      {"CREATE VIEW w AS SELECT b FROM t", "ALTER TABLE t DROP COLUMN b CASCADE"},
      {"ALTER TABLE t ADD COLUMN k serial", "ALTER TABLE t DROP COLUMN k"},
      {"", "ALTER TABLE t ALTER COLUMN a SET DEFAULT 3"},
      {"", "ALTER TABLE t ALTER COLUMN x DROP DEFAULT"},
      {"", "ALTER TABLE t ALTER COLUMN a SET NOT NULL"},
      {"", "ALTER TABLE t ALTER COLUMN id SET NOT NULL"},
      {"ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL)", "ALTER TABLE t ALTER COLUMN a SET NOT NULL"},
      {"ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL) NOT VALID",
       "ALTER TABLE t ALTER COLUMN a SET NOT NULL"},
      {"ALTER TABLE t ADD CONSTRAINT proof CHECK (a > 0)", "ALTER TABLE t ALTER COLUMN a SET NOT NULL"},
      {"", "ALTER TABLE t ALTER COLUMN x DROP NOT NULL"},
      {"", "ALTER TABLE t ALTER COLUMN a SET STATISTICS 500"},
      {"", "ALTER TABLE t ALTER COLUMN b SET STORAGE EXTERNAL"},
      {"", "ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz"},
      {"", "ALTER TABLE t ALTER COLUMN a SET (n_distinct = 5)", Fixture::plain},
      {"", "ALTER TABLE t ALTER COLUMN a RESET (n_distinct)", Fixture::plain},
      {"ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) STORED",
       "ALTER TABLE t ALTER COLUMN g DROP EXPRESSION"},
      {"ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) STORED",
       "ALTER TABLE t ALTER COLUMN g SET EXPRESSION AS (a + 2)", Fixture::both, 17, 99,
       "ALTER TABLE t ALTER COLUMN g SET DEFAULT (a + 2)", make_set_expression},
      {"ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) VIRTUAL",
       "ALTER TABLE t ALTER COLUMN g SET EXPRESSION AS (a + 2)", Fixture::both, 18, 99,
       "ALTER TABLE t ALTER COLUMN g SET DEFAULT (a + 2)", make_set_expression},
      {"", "ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY", Fixture::plain},
      {"ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY",
       "ALTER TABLE t ALTER COLUMN id SET GENERATED BY DEFAULT", Fixture::plain},
      {"ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY", "ALTER TABLE t ALTER COLUMN id DROP IDENTITY",
       Fixture::plain},
      {"", "ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY", Fixture::partitioned, 17},
      {"", "ALTER TABLE t ALTER COLUMN a SET STATISTICS 500, ADD COLUMN c int"},
      {"", "ALTER TABLE t ADD COLUMN c int, ALTER COLUMN b TYPE varchar(50)"},
  };
}

std::vector<Case> type_cases() {
  const auto type = [](const char* change, const char* setup = "") {
    return Case{setup, std::string("ALTER TABLE t ALTER COLUMN ") + change};
  };
  const auto in_berlin = [&](const char* change) {
    Case one = type(change);
    one.time_zone = "Europe/Berlin";
    return one;
  };
  return {
      type("a TYPE bigint"),
      type("a TYPE int"),
      type("a TYPE text"),
      type("a TYPE numeric"),
      type("v TYPE varchar(40)"),
      type("v TYPE varchar(10)"),
      type("v TYPE varchar"),
      type("v TYPE text"),
      type("v TYPE char(20)"),
      type("b TYPE varchar"),
      type("b TYPE varchar(50)"),
      type("b TYPE text USING b::text"),
      type("b TYPE text USING upper(b)"),
      type("b TYPE text COLLATE \"C\""),
      type("b TYPE text COLLATE \"C\"", "CREATE INDEX t_b ON t (b)"),
      type("v TYPE text", "CREATE INDEX t_v ON t (v)"),
      type("v TYPE varchar(40)", "CREATE INDEX t_v ON t (v)"),
      type("v TYPE varchar(40)", "ALTER TABLE t ADD CHECK (v <> '')"),
      type("n TYPE numeric(12,2)"),
      type("n TYPE numeric(12,4)"),
      type("n TYPE numeric(8,2)"),
      type("n TYPE numeric"),
      type("n TYPE int"),
      type("ts TYPE timestamptz"),
      type("tz TYPE timestamp"),
      type("ts TYPE timestamp(3)"),
      type("ts TYPE timestamp(6)"),
      type("k TYPE timestamp(6)", "ALTER TABLE t ADD COLUMN k timestamp(3)"),
      type("k TYPE timestamp", "ALTER TABLE t ADD COLUMN k timestamp(3)"),
      type("k TYPE timestamp(1)", "ALTER TABLE t ADD COLUMN k timestamp(3)"),
      type("k TYPE timestamptz(4)", "ALTER TABLE t ADD COLUMN k timestamptz(3)"),
      type("k TYPE time(4)", "ALTER TABLE t ADD COLUMN k time(3)"),
      type("k TYPE timetz(4)", "ALTER TABLE t ADD COLUMN k timetz(3)"),
      type("k TYPE interval(4)", "ALTER TABLE t ADD COLUMN k interval(3)"),
      type("k TYPE interval", "ALTER TABLE t ADD COLUMN k interval(3)"),
      type("k TYPE varbit(20)", "ALTER TABLE t ADD COLUMN k varbit(10)"),
      type("k TYPE varbit", "ALTER TABLE t ADD COLUMN k varbit(10)"),
      type("k TYPE varbit(5)", "ALTER TABLE t ADD COLUMN k varbit(10)"),
      type("k TYPE bit(20)", "ALTER TABLE t ADD COLUMN k bit(10)"),
      type("k TYPE varbit", "ALTER TABLE t ADD COLUMN k bit(10)"),
      type("k TYPE inet", "ALTER TABLE t ADD COLUMN k cidr"),
      type("k TYPE cidr", "ALTER TABLE t ADD COLUMN k inet"),
      type("k TYPE char(20)", "ALTER TABLE t ADD COLUMN k char(10)"),
      type("k TYPE text", "ALTER TABLE t ADD COLUMN k char(10)"),
      type("k TYPE varchar(10)", "ALTER TABLE t ADD COLUMN k char(10)"),
      type("k TYPE jsonb", "ALTER TABLE t ADD COLUMN k json"),
      type("k TYPE json", "ALTER TABLE t ADD COLUMN k jsonb"),
      type("k TYPE text", "ALTER TABLE t ADD COLUMN k xml"),
      type("k TYPE text", "ALTER TABLE t ADD COLUMN k json"),
      type("k TYPE double precision", "ALTER TABLE t ADD COLUMN k real"),
      type("k TYPE integer", "ALTER TABLE t ADD COLUMN k smallint"),
      type("k TYPE oid", "ALTER TABLE t ADD COLUMN k int"),
      type("k TYPE int", "ALTER TABLE t ADD COLUMN k oid"),
      type("k TYPE text", "ALTER TABLE t ADD COLUMN k name"),
      type("k TYPE text[]", "ALTER TABLE t ADD COLUMN k varchar(10)[]"),
      type("k TYPE varchar(20)[]", "ALTER TABLE t ADD COLUMN k varchar(10)[]"),
      type("k TYPE bigint[]", "ALTER TABLE t ADD COLUMN k int[]"),
      type("k TYPE int", "CREATE DOMAIN plain AS int; ALTER TABLE t ADD COLUMN k plain"),
      type("k TYPE plain", "CREATE DOMAIN plain AS int; ALTER TABLE t ADD COLUMN k int"),
      type("k TYPE positive", "CREATE DOMAIN positive AS int CHECK (value > 0); ALTER TABLE t ADD COLUMN k int"),
      type("k TYPE int", "CREATE DOMAIN positive AS int CHECK (value > 0); ALTER TABLE t ADD COLUMN k positive"),
      type("k TYPE text", "CREATE TYPE mood AS ENUM ('good', 'bad'); ALTER TABLE t ADD COLUMN k mood"),
      type("k TYPE mood USING k::mood", "CREATE TYPE mood AS ENUM ('good', 'bad'); ALTER TABLE t ADD COLUMN k text"),
      type("ref_id TYPE bigint", "ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES ref"),
      {"CREATE TABLE child (t_id int REFERENCES t)", "ALTER TABLE t ALTER COLUMN id TYPE bigint", Fixture::plain},
      {"CREATE TABLE named (v varchar(20) PRIMARY KEY); INSERT INTO named SELECT v FROM t; ALTER TABLE t ADD FOREIGN "
       "KEY (v) "
       "REFERENCES named",
       "ALTER TABLE t ALTER COLUMN v TYPE varchar(40)"},
      type("b TYPE text, ALTER COLUMN a TYPE bigint"),
      in_berlin("ts TYPE timestamptz"),
      in_berlin("tz TYPE timestamp"),
      type("ts TYPE timestamptz", "CREATE INDEX t_ts ON t (ts)"),
      type("k TYPE oid", "ALTER TABLE t ADD COLUMN k int; CREATE INDEX t_k ON t (k)"),
      type("k TYPE inet", "ALTER TABLE t ADD COLUMN k cidr; CREATE INDEX t_k ON t (k)"),
      type("k TYPE varbit", "ALTER TABLE t ADD COLUMN k bit(10); CREATE INDEX t_k ON t (k)"),
  };
}

}  // namespace migrate::test
