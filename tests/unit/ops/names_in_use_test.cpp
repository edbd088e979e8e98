#include "ops/lint/names_in_use.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace migrate;
using ops::NamesInUse;

namespace {

NamesInUse uses_in(const std::vector<std::string>& texts) {
  std::vector<SourcePtr> sources;
  for (const auto& text : texts) sources.push_back(make_source("a.sql", text));
  return NamesInUse(sources);
}

}  // namespace

TEST_CASE("a name counts as used where a later text has it as a name or a word of a literal") {
  const auto uses = uses_in({"CREATE INDEX users_email ON users (email);", "SELECT 1; -- users_email",
                             "DROP INDEX public.Users_Email;", "DO $$ BEGIN EXECUTE 'DROP INDEX seen'; END $$;",
                             "ALTER INDEX \"Users_Name\" RENAME TO x;"});
  CHECK(uses.after("users_email", 0) == 2);
  CHECK(uses.after("users_email", 1) == 2);
  CHECK_FALSE(uses.after("users_email", 2));
  CHECK(uses.after("seen", 0) == 3);
  CHECK(uses.after("Users_Name", 0) == 4);
  CHECK_FALSE(uses.after("users_name", 0));
  CHECK_FALSE(uses.after("users", 4));
  CHECK_FALSE(uses.after("user", 0));
  CHECK(uses.anywhere("users") == 0);
  CHECK_FALSE(uses.anywhere("user"));
}

TEST_CASE("a text that cannot be scanned uses every word in it") {
  const auto uses = uses_in({"SELECT 1", "SELECT 'unterminated; DROP INDEX users_email"});
  CHECK(uses.after("users_email", 0) == 1);
  CHECK_FALSE(uses.after("users_name", 0));
}
