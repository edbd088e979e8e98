#include <migrate/sql/statement.hpp>

#include "support/catch.hpp"

namespace {

using namespace migrate;

std::optional<std::size_t> first_use(const std::string& text) {
  const SourcePtr source = make_source("a.sql", text);
  const auto statements = sql::split_statements(source, {0, text.size()});
  REQUIRE(statements);
  std::vector<sql::StatementFacts> facts;
  for (const auto& statement : *statements) facts.push_back(sql::examine_statement(source->text(statement.range)));
  return sql::first_use_of_new_enum_value(source, *statements, facts);
}

}  // namespace

TEST_CASE("an added enum value is known by its type and value") {
  const auto facts = sql::examine_statement("ALTER TYPE app.\"Mood\" ADD VALUE IF NOT EXISTS 'it''s ok' BEFORE 'sad'");
  REQUIRE(facts.added_enum_value);
  CHECK(*facts.added_enum_value == sql::AddedEnumValue{"Mood", "it's ok"});
  CHECK_FALSE(sql::examine_statement("ALTER TYPE mood RENAME VALUE 'a' TO 'b'").added_enum_value);
  CHECK(sql::examine_statement("CREATE TYPE app.mood AS ENUM ('a')").created_enum == "mood");
}

TEST_CASE("the use of an enum value that was added before is found") {
  CHECK(first_use("ALTER TYPE mood ADD VALUE 'ok'; SELECT 1; UPDATE t SET m = 'ok'") == 2);
  CHECK(first_use("ALTER TYPE mood ADD VALUE 'it''s'; INSERT INTO t VALUES ('it''s')") == 1);
  CHECK(first_use("ALTER TYPE mood ADD VALUE 'ok'; DO $$ BEGIN INSERT INTO t VALUES ('ok'); END $$") == 1);
}

TEST_CASE("an enum value that is only added, used before, or of a new type may stay in one transaction") {
  CHECK_FALSE(first_use("ALTER TYPE mood ADD VALUE 'ok'; ALTER TYPE mood ADD VALUE 'sad' AFTER 'ok'; SELECT 'fine'"));
  CHECK_FALSE(first_use("SELECT 'ok'; ALTER TYPE mood ADD VALUE 'ok'"));
  CHECK_FALSE(first_use("CREATE TYPE mood AS ENUM (); ALTER TYPE mood ADD VALUE 'ok'; SELECT 'ok'::mood"));
}
