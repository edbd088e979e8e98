#include "ops/lint/later_uses.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace migrate;
using ops::LaterUses;

namespace {

LaterUses uses_in(const std::vector<std::string>& texts) {
  std::vector<SourcePtr> sources;
  for (const auto& text : texts) sources.push_back(make_source("a.sql", text));
  return LaterUses(sources);
}

}  // namespace

TEST_CASE("a name counts as used where a later text has it as a name or a word of a literal") {
  const auto uses = uses_in({"CREATE INDEX users_email ON users (email);", "SELECT 1; -- users_email",
                             "DROP INDEX public.Users_Email;", "DO $$ BEGIN EXECUTE 'DROP INDEX seen'; END $$;",
                             "ALTER INDEX \"Users_Name\" RENAME TO x;"});
  CHECK(uses.of("users_email", 0) == 2);
  CHECK(uses.of("users_email", 1) == 2);
  CHECK_FALSE(uses.of("users_email", 2));
  CHECK(uses.of("seen", 0) == 3);
  CHECK(uses.of("Users_Name", 0) == 4);
  CHECK_FALSE(uses.of("users_name", 0));
  CHECK_FALSE(uses.of("users", 4));
  CHECK_FALSE(uses.of("user", 0));
}

TEST_CASE("a text that cannot be scanned uses every word in it") {
  const auto uses = uses_in({"SELECT 1", "SELECT 'unterminated; DROP INDEX users_email"});
  CHECK(uses.of("users_email", 0) == 1);
  CHECK_FALSE(uses.of("users_name", 0));
}
