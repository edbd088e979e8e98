#include <migrate/base/text.hpp>

#include "support/catch.hpp"

using namespace migrate;
using Views = std::vector<std::string_view>;
using Strings = std::vector<std::string>;

TEST_CASE("trim takes white space off both ends only") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim(" \n ").empty());
  CHECK(trim("").empty());
}

TEST_CASE("split keeps empty parts, split_list leaves them out") {
  CHECK(split("a,,b,", ',') == Views{"a", "", "b", ""});
  CHECK(split("", ',') == Views{""});
  CHECK(split_list("a, b  c,,\td\n") == Views{"a", "b", "c", "d"});
  CHECK(split_list(" , ").empty());
}

TEST_CASE("case is ignored in ASCII only") {
  CHECK(to_lower_ascii("ÄBC Z[") == "Äbc z[");
  CHECK(equals_ignoring_case("Revises", "rEVISES"));
  CHECK_FALSE(equals_ignoring_case("Ä", "ä"));
  CHECK_FALSE(equals_ignoring_case("a", "ab"));
  CHECK_FALSE(equals_ignoring_case("@", "`"));
}

TEST_CASE("text that is not UTF-8 is found at its first wrong byte") {
  CHECK(find_invalid_utf8("aé€😀") == std::nullopt);
  CHECK(find_invalid_utf8("") == std::nullopt);
  CHECK(find_invalid_utf8("ab\xFF") == 2U);
  CHECK(find_invalid_utf8("a\x80") == 1U);
  CHECK(find_invalid_utf8(std::string_view("a\0b", 3)) == 1U);
  CHECK(find_invalid_utf8("x\xC3") == 1U);
  SECTION("overlong forms, surrogates and values past the last character are wrong") {
    CHECK(find_invalid_utf8("\xC0\xAF") == 0U);
    CHECK(find_invalid_utf8("\xE0\x80\xAF") == 0U);
    CHECK(find_invalid_utf8("\xED\xA0\x80") == 0U);
    CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0U);
    CHECK(find_invalid_utf8("\xF4\x8F\xBF\xBF") == std::nullopt);
  }
}

TEST_CASE("width on a terminal counts wide characters twice and combining ones not at all") {
  CHECK(display_width("") == 0);
  CHECK(display_width("plain") == 5);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("日本語") == 6);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("ｆｕｌｌ") == 8);
  CHECK(display_width("😀") == 2);
  CHECK(display_width("\U00020000") == 2);
  CHECK(display_width("a\u200Bb") == 2);
  CHECK(display_width("שָׁלוֹם") == 4);
  CHECK(display_width("│├") == 2);
  CHECK(display_width("\xFF") == 1);
}

TEST_CASE("ellipsize never takes more columns than it is given, and cuts between characters") {
  CHECK(ellipsize("abc", 3) == "abc");
  CHECK(ellipsize("abcdef", 5) == "ab...");
  CHECK(ellipsize("abcdef", 3) == "...");
  CHECK(ellipsize("abcdef", 2) == "..");
  CHECK(ellipsize("abcdef", 0).empty());
  CHECK(ellipsize("日本語日本語", 8) == "日本...");
  CHECK(ellipsize("e\u0301e\u0301e\u0301e\u0301e\u0301", 4) == "e\u0301...");
  for (std::size_t columns = 0; columns < 12; ++columns)
    CHECK(display_width(ellipsize("aé日e\u0301本😀xyz", columns)) <= columns);
}

TEST_CASE("the nearest word is found for what people mistype") {
  const Strings keys{"Revision ID", "Revises", "Create Date", "Branch Labels", "Depends On"};
  CHECK(nearest("Revise", keys) == "Revises");
  CHECK(nearest("revision-id", keys) == "Revision ID");
  CHECK(nearest("Craete Date", keys) == "Create Date");
  CHECK(nearest("Author", keys) == std::nullopt);
  const Strings verbs{"upgrade", "downgrade", "up", "down"};
  CHECK(nearest("UPGRADE", verbs) == "upgrade");
  CHECK(nearest("pu", verbs) == "up");
  CHECK(nearest("upgarde", verbs) == "upgrade");
  CHECK(nearest("x", verbs) == std::nullopt);
  CHECK(nearest("", verbs) == std::nullopt);
  CHECK(nearest("upgrade", Strings{}) == std::nullopt);
}

TEST_CASE("of equally near words the first is meant, and of all the nearest") {
  CHECK(nearest("cat", Strings{"bat", "hat"}) == "bat");
  CHECK(nearest("directory", Strings{"directories", "director", "directory"}) == "directory");
}

TEST_CASE("counts agree with their noun") {
  CHECK(plural(0, "revision") == "0 revisions");
  CHECK(plural(1, "revision") == "1 revision");
  CHECK(plural(2, "revision") == "2 revisions");
  CHECK(plural(2, "branch") == "2 branches");
  CHECK(plural(2, "query") == "2 queries");
  CHECK(plural(2, "day") == "2 days");
  CHECK(plural(2, "index") == "2 indexes");
}

TEST_CASE("lists read like a sentence") {
  CHECK(join_with_and(Strings{}).empty());
  CHECK(join_with_and(Strings{"a"}) == "a");
  CHECK(join_with_and(Strings{"a", "b"}) == "a and b");
  CHECK(join_with_and(Strings{"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("a slug is made of a message's words") {
  CHECK(slugify("Add users' e-mail") == "add_users_e_mail");
  CHECK(slugify("  don\u2019t -- drop (yet)!  ") == "dont_drop_yet");
  CHECK(slugify("Größe: crème brûlée, Łódź") == "grosse_creme_brulee_lodz");
  CHECK(slugify("cre\u0300me") == "creme");
  CHECK(slugify("add 日本 table") == "add_table");
  CHECK(slugify("2×3 – en\u00A0dash") == "2_3_en_dash");
  CHECK(slugify("日本語").empty());
  CHECK(slugify("../../etc/passwd") == "etc_passwd");
  CHECK(slugify("a\xFF\xFE"
                "b") == "ab");
}

TEST_CASE("a slug is cut between words, and inside one only where it alone is too long") {
  CHECK(slugify("create the customer invoice table", 20) == "create_the_customer");
  CHECK(slugify("create the", 10) == "create_the");
  CHECK(slugify("internationalization of all", 10) == "internatio");
  CHECK(slugify(std::string(100, 'x')).size() == 40);
}

TEST_CASE("quoted literals and identifiers hold any text") {
  CHECK(quote_literal("it's") == "'it''s'");
  CHECK(quote_literal("") == "''");
  CHECK(quote_literal("a\\b'c") == "E'a\\\\b''c'");
  CHECK(quote_identifier("user") == "\"user\"");
  CHECK(quote_identifier("a\"b\\") == "\"a\"\"b\\\"");
}
