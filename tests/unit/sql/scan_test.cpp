#include <migrate/sql/scan.hpp>

#include <fmt/format.h>

#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::sql;

namespace {

const char* name(TokenKind kind) {
  switch (kind) {
    case TokenKind::word: return "word";
    case TokenKind::quoted_identifier: return "quoted";
    case TokenKind::string: return "string";
    case TokenKind::number: return "number";
    case TokenKind::parameter: return "parameter";
    case TokenKind::punctuation: return "mark";
    case TokenKind::comment: return "comment";
  }
  return "?";
}

// "word:select number:1", or the error and its byte.
std::string tokens(std::string_view text) {
  const auto scanned = scan(text);
  if (!scanned) return fmt::format("{} @{}", scanned.error().message, scanned.error().at.value);
  std::string line;
  for (const auto& token : *scanned) {
    if (!line.empty()) line += ' ';
    line += fmt::format("{}:{}", name(token.kind), token.range.of(text));
  }
  return line;
}

}  // namespace

TEST_CASE("scan names every kind of token and where it stands") {
  CHECK(tokens("") == "");
  CHECK(tokens("SELECT a1, $1 FROM t; -- x") ==
        "word:SELECT word:a1 mark:, parameter:$1 word:FROM word:t mark:; comment:-- x");
  CHECK(tokens("\"A;b\" /* a /* b */ c */ 'it''s'") == "quoted:\"A;b\" comment:/* a /* b */ c */ string:'it''s'");
  CHECK(tokens("a::int <> 1.5e3 || \xC3\xA9") == "word:a mark::: word:int mark:<> number:1.5e3 mark:|| word:\xC3\xA9");
  CHECK(tokens("$$a$b$$ $t$ $$ ; $t$") == "string:$$a$b$$ string:$t$ $$ ; $t$");
  CHECK(tokens("e'\\'' B'01' x'1f' 'a\\'") == "string:e'\\'' string:B'01' string:x'1f' string:'a\\'");
  CHECK(tokens("'a'\n  'b'") == "string:'a'\n  'b'");
}

TEST_CASE("scan gives Unicode literals and names their whole range") {
  CHECK(tokens("U&'d\\0061t' UESCAPE '!'") == "string:U&'d\\0061t' word:UESCAPE string:'!'");
  CHECK(tokens("u&\"x;\",U&'a';b") == "quoted:u&\"x;\" mark:, string:U&'a' mark:; word:b");
  CHECK(tokens("U&'a''b'\n 'c' -- d") == "string:U&'a''b'\n 'c' comment:-- d");
}

TEST_CASE("scan takes the numbers of newer servers as they are written") {
  CHECK(tokens("1_000_000") == "number:1_000_000");
  CHECK(tokens("0xFF + 0b1010_0001 - 0o17") == "number:0xFF mark:+ number:0b1010_0001 mark:- number:0o17");
  CHECK(tokens("1_000.000_5e1_0,1..2") == "number:1_000.000_5e1_0 mark:, number:1 mark:.. number:2");
  CHECK(tokens("'1_0' 1_0 \"1_0\" $$1_0$$ a1_0") == "string:'1_0' number:1_0 quoted:\"1_0\" string:$$1_0$$ word:a1_0");
  CHECK(tokens("E'\\101_1' 2_2") == "string:E'\\101_1' number:2_2");
}

TEST_CASE("scan keeps letters that follow a number at once with it, which no server takes") {
  CHECK(tokens("1a 2") == "number:1a number:2");
  CHECK(tokens("12_e") == "number:12_e");
  CHECK(tokens("0b12") == "number:0b12");
}

TEST_CASE("scan says in bytes where an error is") {
  CHECK(tokens("SELECT 'a") == "unterminated quoted string at or near \"'a\" @7");
  CHECK(tokens("SELECT '\xC3\xA9\xC3\xA9', 'b") == "unterminated quoted string at or near \"'b\" @15");
  CHECK(tokens("  /* a /* b */ ") == "unterminated /* comment at or near \"/* a /* b */ \" @2");
  CHECK(tokens("SELECT $t$ $$") == "unterminated dollar-quoted string at or near \"$t$ $$\" @7");
  CHECK(tokens("\xC3\xA9 \"b") == "unterminated quoted identifier at or near \"\"b\" @3");
  CHECK(tokens("SELECT '\xC3\xA9' || E'a\\u00zz'") == "invalid Unicode escape @18");
}

TEST_CASE("scan finds the place of an error that the scanner does not place") {
  CHECK(tokens("SELECT E'ok', E'\\xff', 1") == "invalid byte sequence for encoding \"UTF8\": 0xff @14");
}

TEST_CASE("scan refuses a NUL") {
  CHECK(tokens(std::string_view("SELECT 1;\0DROP", 14)) == "invalid byte sequence for encoding \"UTF8\": 0x00 @9");
}

TEST_CASE("is_between_tokens knows literals, quoted names and comment blocks") {
  const auto between = [](std::string_view text, std::string_view marker) {
    return is_between_tokens(text, ByteOffset{text.find(marker)});
  };
  CHECK(between("SELECT 1; @", "@"));
  CHECK(between("-- don't\n@", "@"));
  CHECK(between("SELECT 'a', \"b\", $$c$$, $1 /* d */ @", "@"));
  CHECK(between("@ it's", "@"));
  CHECK_FALSE(between("SELECT '\n@ '", "@"));
  CHECK_FALSE(between("SELECT \"\n@ \"", "@"));
  CHECK_FALSE(between("DO $x$ 'a' $$ \n@ $x$", "@"));
  CHECK_FALSE(between("/* a /* b */\n@ */", "@"));
  CHECK(between("SELECT 'a\\'\n@", "@"));
  CHECK_FALSE(between("SELECT E'a\\'\n@'", "@"));
}

TEST_CASE("is_between_tokens leaves an error inside a literal to those who read the statements") {
  const std::string_view text = "SELECT E'\\u00zz';\n@";
  CHECK(is_between_tokens(text, ByteOffset{text.find('@')}));
}

TEST_CASE("is_between_tokens knows COPY data, whatever quotes it holds") {
  const std::string_view text =
      "COPY t FROM stdin;\nO'Brien\t\"x\n@1\n\\.\n@2 SELECT 'a;\n@3'; COPY u FROM stdin;\n@4\n\\.\n@5";
  const auto between = [&](std::string_view marker) { return is_between_tokens(text, ByteOffset{text.find(marker)}); };
  CHECK_FALSE(between("@1"));
  CHECK(between("@2"));
  CHECK_FALSE(between("@3"));
  CHECK_FALSE(between("@4"));
  CHECK(between("@5"));
}

TEST_CASE("is_between_tokens knows COPY data without any quote before it") {
  const std::string_view text = "COPY t FROM stdin;\n@1\n\\.\n@2";
  CHECK_FALSE(is_between_tokens(text, ByteOffset{text.find("@1")}));
  CHECK(is_between_tokens(text, ByteOffset{text.find("@2")}));
}

TEST_CASE("is_between_tokens lets COPY data without an end hide nothing") {
  const std::string_view text = "COPY t FROM stdin;\n1\t'a\n@";
  CHECK(is_between_tokens(text, ByteOffset{text.find('@')}));
}
