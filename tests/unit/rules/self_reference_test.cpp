// Foreign keys of a table to itself.
#include <migrate/rules/judge.hpp>

#include "support/catch.hpp"

using namespace migrate;

namespace {

std::vector<std::string> messages_of(const std::string& statement) {
  const auto source = make_source("a.sql", "-- Test\n--\n-- Revision ID: 3f2a\n-- Revises:\n\n-- migrate:upgrade\n" +
                                               statement + "\n\n-- migrate:downgrade\nSELECT 1;\n");
  const auto file = revision::parse_revision(source);
  REQUIRE(file);
  const auto upgrade = rules::read_revision(source, *file, false);
  REQUIRE(upgrade);
  const rules::Candidate candidate{&*upgrade, nullptr, true};
  std::vector<std::string> messages;
  for (const auto& judged : rules::judge({&candidate, 1}, {}, *rules::preset("recommended"), {}).findings) {
    if (judged.rule->id == "foreign-key-without-not-valid" || judged.rule->id == "column-with-foreign-key") {
      const auto& diagnostic = judged.finding.diagnostic;
      messages.push_back(diagnostic.message + "; " + diagnostic.primary->text);
    }
  }
  return messages;
}

}  // namespace

TEST_CASE("a foreign key of a table to itself blocks one table") {
  CHECK(messages_of("ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES a (id) ON DELETE CASCADE;") ==
        std::vector<std::string>{"checking the new foreign key blocks writes to `a`; "
                                 "takes SHARE ROW EXCLUSIVE lock on the table while all rows are checked"});
  CHECK(messages_of("ALTER TABLE a ADD COLUMN p bigint DEFAULT 1 REFERENCES a (id) ON DELETE CASCADE;") ==
        std::vector<std::string>{"the new column's foreign key is checked while `a` is locked; "
                                 "checks every row: the column has a default"});
  CHECK(messages_of("ALTER TABLE a ADD COLUMN p bigint REFERENCES a (id) ON DELETE CASCADE;").empty());
}
