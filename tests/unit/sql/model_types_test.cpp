// Schemas, sequences, types and domains.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("CREATE SCHEMA tells its name, and that of its owner where it has none") {
  struct Case {
    std::string statement;
    std::string name;
    std::string written;
    bool if_not_exists;
    std::size_t elements;
  };
  const Case cases[] = {
      {"CREATE SCHEMA app", "app", "app", false, 0},
      {"CREATE SCHEMA IF NOT EXISTS \"App\" AUTHORIZATION me", "App", "\"App\"", true, 0},
      {"CREATE SCHEMA AUTHORIZATION Me", "me", "Me", false, 0},
      {"CREATE SCHEMA app CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1", "app", "app", false, 2},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    const auto& schema = read.as<sql::CreateSchema>();
    CHECK(schema.name == each.name);
    CHECK(read.text(schema.name_range) == each.written);
    CHECK(schema.if_not_exists == each.if_not_exists);
    CHECK(schema.elements == each.elements);
  }
}

TEST_CASE("types are told by their kind") {
  const ReadStatement mood("CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok')");
  CHECK(describe(mood.as<sql::CreateEnum>().name) == "app.mood");
  CHECK(mood.text(mood.as<sql::CreateEnum>().name.range) == "app.mood");
  CHECK(mood.as<sql::CreateEnum>().values == std::vector<std::string>{"sad", "it's ok"});
  for (const char* definition :
       {" AS (a int, b text)", " AS RANGE (subtype = float8)", "", " (INPUT = f, OUTPUT = g)"}) {
    const ReadStatement read(std::string("CREATE TYPE \"Pair\"") + definition);
    CHECK(describe(read.as<sql::CreateType>().name) == "\"Pair\"");
    CHECK(read.text(read.as<sql::CreateType>().name.range) == "\"Pair\"");
  }
}

TEST_CASE("ADD VALUE tells the value and whether it has a place") {
  const ReadStatement last("ALTER TYPE app.mood ADD VALUE 'blue'");
  CHECK(describe(last.as<sql::AddEnumValue>().type) == "app.mood");
  CHECK(last.text(last.as<sql::AddEnumValue>().type.range) == "app.mood");
  CHECK(last.as<sql::AddEnumValue>().value == "blue");
  CHECK_FALSE(last.as<sql::AddEnumValue>().placed);
  CHECK_FALSE(last.as<sql::AddEnumValue>().if_not_exists);
  const ReadStatement placed("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'blue' BEFORE 'ok'");
  CHECK(placed.as<sql::AddEnumValue>().placed);
  CHECK(placed.as<sql::AddEnumValue>().if_not_exists);
}

TEST_CASE("CREATE DOMAIN has a type and constraints") {
  const ReadStatement read(
      "CREATE DOMAIN app.email AS varchar(320) COLLATE \"C\" DEFAULT 'a@b' NOT NULL CONSTRAINT at CHECK (VALUE ~ '@')");
  const auto& domain = read.as<sql::CreateDomain>();
  CHECK(describe(domain.name) == "app.email");
  CHECK(read.text(domain.name.range) == "app.email");
  CHECK(describe(domain.type) == "varchar(320)");
  CHECK(describe(read, domain.constraints) ==
        std::vector<std::string>{"default () {DEFAULT 'a@b'} `'a@b'` literal", "not null () {NOT NULL}",
                                 "check at () {CONSTRAINT at CHECK (VALUE ~ '@')} `VALUE ~ '@'` columns value"});
}

TEST_CASE("ALTER DOMAIN tells what becomes of its constraints") {
  using Kind = sql::AlterDomain::Kind;
  struct Case {
    std::string command;
    Kind kind;
    std::string name;
    std::string constraint;
  };
  const Case cases[] = {
      {"SET DEFAULT 1 + 1", Kind::set_default, "", "default () {DEFAULT 1 + 1} `1 + 1`"},
      {"DROP DEFAULT", Kind::drop_default, "", ""},
      {"SET NOT NULL", Kind::set_not_null, "", ""},
      {"DROP NOT NULL", Kind::drop_not_null, "", ""},
      {"ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID", Kind::add_constraint, "k",
       "check k () {CONSTRAINT k CHECK (VALUE > 0) NOT VALID} `VALUE > 0` columns value not valid"},
      {"DROP CONSTRAINT IF EXISTS k", Kind::drop_constraint, "k", ""},
      {"VALIDATE CONSTRAINT k", Kind::validate_constraint, "k", ""},
  };
  for (const auto& each : cases) {
    INFO(each.command);
    const ReadStatement read("ALTER DOMAIN app.d " + each.command);
    const auto& alter = read.as<sql::AlterDomain>();
    CHECK(read.text(alter.name.range) == "app.d");
    CHECK(alter.kind == each.kind);
    CHECK(alter.constraint_name == each.name);
    CHECK((alter.constraint ? describe(read, *alter.constraint) : "") == each.constraint);
  }
}

TEST_CASE("sequences are told with what they are for") {
  const ReadStatement create("CREATE TEMP SEQUENCE IF NOT EXISTS app.s");
  CHECK(describe(create.as<sql::CreateSequence>().name) == "app.s");
  CHECK(create.as<sql::CreateSequence>().temporary);
  CHECK(create.as<sql::CreateSequence>().if_not_exists);
  const ReadStatement restart("ALTER SEQUENCE s INCREMENT 2 RESTART WITH 5");
  CHECK(restart.as<sql::AlterSequence>().restart);
  const ReadStatement owned("ALTER SEQUENCE s OWNED BY t.c");
  CHECK_FALSE(owned.as<sql::AlterSequence>().restart);
  CHECK(owned.text(owned.as<sql::AlterSequence>().name.range) == "s");
}
