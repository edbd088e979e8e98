#include <migrate/revision/revision_id.hpp>

#include "support/catch.hpp"

using namespace migrate::revision;

TEST_CASE("ids are letters, digits, underscore and dot, of any length") {
  for (const char* id : {"a", "0", "3f9a1c2b7d10", "2026.02.26_add", "A.B_c", "__.."}) {
    INFO(id);
    CHECK(RevisionId::is_valid(id));
  }
  CHECK(RevisionId::is_valid(std::string(5000, 'x')));
  for (const char* text : {"", " ", "a b", "a-b", "a+b", "a@b", "a:b", "a/b", "a,b", "caf\xC3\xA9", "a\n"}) {
    INFO(text);
    CHECK_FALSE(RevisionId::is_valid(text));
  }
}

TEST_CASE("the words of targets are no ids") {
  for (const char* word : {"head", "heads", "base", "current"}) {
    INFO(word);
    CHECK(is_target_word(word));
    CHECK_FALSE(RevisionId::is_valid(word));
  }
  CHECK(RevisionId::is_valid("Head"));
  CHECK(RevisionId::is_valid("heads_up"));
}

TEST_CASE("a made id is twelve hex digits of the randomness") {
  CHECK(make_revision_id(0).str() == "000000000000");
  CHECK(make_revision_id(0xABCDEF).str() == "000000abcdef");
  CHECK(make_revision_id(~0ULL).str() == "ffffffffffff");
  CHECK(make_revision_id(0x1234'5678'9ABC'DEF0ULL).str() == "56789abcdef0");
}
