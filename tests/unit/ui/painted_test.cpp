#include "ui/painted.hpp"

#include "support/catch.hpp"
#include "ui/printable.hpp"

using namespace migrate::ui;

TEST_CASE("Control characters, direction marks and broken bytes are shown, other text is left alone") {
  CHECK(printable("plain täxt, 日本, 👩‍👩‍👧") == "plain täxt, 日本, 👩‍👩‍👧");
  CHECK(printable("\x1b[31mred\x1b[0m\x07\x7f") == "\\x1b[31mred\\x1b[0m\\x07\\x7f");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\u009b2J \u202e\u2066\u200b\ufeff") == "\\u009b2J \\u202e\\u2066\\u200b\\ufeff");
  CHECK(printable("\xc3 \xff\xfe \xe2\x82") == "\\xc3 \\xff\\xfe \\xe2\\x82");
}

TEST_CASE("Line breaks and tabs become blanks") { CHECK(printable("a\nb\r\nc\td") == "a b c d"); }

TEST_CASE("The width of a painted text is that of its characters") {
  CHECK(painted_width("\x1b[1;31mab\x1b[0m日") == 4);
  CHECK(painted_width("") == 0);
}

TEST_CASE("A painted text is cut between its characters, with its colour closed") {
  CHECK(cut_painted("plain text", 10) == "plain text");
  CHECK(cut_painted("plain text", 8) == "plain...");
  CHECK(cut_painted("\x1b[31mred text\x1b[0m end", 9) == "\x1b[31mred te\x1b[0m...");
  CHECK(cut_painted("\x1b[31mred\x1b[0m plain text", 9) == "\x1b[31mred\x1b[0m pl...");
  CHECK(cut_painted("日本語", 5) == "日...");
  CHECK(cut_painted("long", 2) == "..");
}

TEST_CASE("Texts are wrapped at blanks, and keep their indentation") {
  using Lines = std::vector<std::string>;
  CHECK(wrap("one two three", 7) == Lines{"one two", "three"});
  CHECK(wrap("one two three", 0) == Lines{"one two three"});
  CHECK(wrap("one\ntwo\r\n\nthree", 80) == Lines{"one", "two", "", "three"});
  CHECK(wrap("  one two three", 8) == Lines{"  one", "  two", "  three"});
  CHECK(wrap("a-word-that-is-too-long ends", 8) == Lines{"a-word-that-is-too-long", "ends"});
  CHECK(wrap("", 8) == Lines{""});
}
