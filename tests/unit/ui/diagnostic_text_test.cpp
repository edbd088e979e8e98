#include <migrate/ui/diagnostic_text.hpp>

#include <algorithm>
#include <random>

#include <migrate/base/text.hpp>

#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::ui;

namespace {

ByteRange range_of(const SourcePtr& source, std::string_view text) {
  const auto begin = source->text().find(text);
  REQUIRE(begin != std::string_view::npos);
  return {begin, begin + text.size()};
}

/// With a line break before it, so that expected texts can begin on a line of their own.
std::string rendered(const Diagnostic& diagnostic, std::string_view base_directory = {}) {
  return "\n" + render_diagnostic(diagnostic, {}, base_directory);
}

Style live(std::size_t width) {
  Style style;
  style.live = true;
  style.width = width;
  return style;
}

std::string without_colour(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("\x1b["))
      at = text.find('m', at);
    else
      result += text[at];
  }
  return result;
}

SourcePtr index_file() {
  return make_source("migrations/c77d0aa_index_account_email.sql",
                     "-- index account.email\n--\n-- Revision ID: c77d0aa\n-- Revises: 3f2a91c\n\n\n\n"
                     "-- migrate:upgrade\n"
                     "CREATE INDEX account_email_idx ON account (email);\n");
}

}  // namespace

TEST_CASE("A finding shows its place, what is wrong there, notes, and a patch that mends it") {
  const auto source = index_file();
  const auto statement = range_of(source, "CREATE INDEX");
  const auto diagnostic =
      error("non-concurrent-index", "`CREATE INDEX` blocks writes to `account` until the index is built")
          .at(source, statement, "takes SHARE lock on `account`")
          .note("`account` was created in 3f2a91c and may hold rows")
          .note("more", "migrate explain non-concurrent-index")
          .help("build it concurrently", {Edit{source, {statement.end, statement.end}, " CONCURRENTLY"}});
  CHECK(rendered(diagnostic) == R"(
error[non-concurrent-index]: `CREATE INDEX` blocks writes to `account` until the index is built
  --> migrations/c77d0aa_index_account_email.sql:9:1
   |
 9 | CREATE INDEX account_email_idx ON account (email);
   | ^^^^^^^^^^^^ takes SHARE lock on `account`
   |
   = note: `account` was created in 3f2a91c and may hold rows
help: build it concurrently
   |
 9 ~ CREATE INDEX CONCURRENTLY account_email_idx ON account (email);
   |
   = more: migrate explain non-concurrent-index
)");
}

TEST_CASE("A server's error shows the statement, what the server said and the state after it") {
  const auto source = make_source("migrations/c77d0aa_unique_email.sql",
                                  std::string(12, '\n') +
                                      "ALTER TABLE account\n  ADD CONSTRAINT account_email_key UNIQUE (email);\n");
  const auto diagnostic =
      error("unique-violation", "could not create unique index \"account_email_key\"")
          .at(source, range_of(source, "ADD CONSTRAINT account_email_key UNIQUE (email)"), "statement 2 of 5")
          .note("postgres", "SQLSTATE 23505; Key (email)=(a@b.c) is duplicated.")
          .note("state", "c77d0aa rolled back; app_dev is at 8be01d4 as before this revision")
          .help("remove the duplicates, then run `migrate upgrade` again");
  CHECK(rendered(diagnostic) == R"(
error[unique-violation]: could not create unique index "account_email_key"
  --> migrations/c77d0aa_unique_email.sql:14:3
   |
14 |   ADD CONSTRAINT account_email_key UNIQUE (email);
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 of 5
   |
   = postgres: SQLSTATE 23505; Key (email)=(a@b.c) is duplicated.
   = state: c77d0aa rolled back; app_dev is at 8be01d4 as before this revision
help: remove the duplicates, then run `migrate upgrade` again
)");
}

TEST_CASE("The lines of a help stand below each other") {
  const auto diagnostic = error("statement-failed", "canceling statement due to lock timeout")
                              .help("choose one\nmigrate resume                   drop the index\n"
                                    "migrate mark d41c0ff applied     you finished it");
  CHECK(rendered(diagnostic) == R"(
error[statement-failed]: canceling statement due to lock timeout
help: choose one
      migrate resume                   drop the index
      migrate mark d41c0ff applied     you finished it
)");
}

TEST_CASE("A diagnostic without a text to show names its file") {
  CHECK(rendered(error("unreadable-file", "cannot read `a.sql`: permission denied")
                     .in_file("migrations/a.sql")
                     .note("it was there a moment ago")) == R"(
error[unreadable-file]: cannot read `a.sql`: permission denied
  --> migrations/a.sql
   = note: it was there a moment ago
)");
  CHECK(rendered(warning("", "destroys data: account.last_seen (~48 k rows)")) == R"(
warning: destroys data: account.last_seen (~48 k rows)
)");
}

TEST_CASE("Paths below the base directory are shown relative to it") {
  const auto at = [](std::string path) { return error("x", "m").in_file(std::move(path)); };
  CHECK(rendered(at("/home/me/app/migrations/a.sql"), "/home/me/app") == "\nerror[x]: m\n  --> migrations/a.sql\n");
  CHECK(rendered(at("/home/me/app/migrations/a.sql"), "/home/me/app/") == "\nerror[x]: m\n  --> migrations/a.sql\n");
  CHECK(rendered(at("/home/me/apple/a.sql"), "/home/me/app") == "\nerror[x]: m\n  --> /home/me/apple/a.sql\n");
}

TEST_CASE("Labels on one line hang below each other, the last one beside its mark") {
  const auto source = make_source("a.sql", "ALTER TABLE account ADD COLUMN plan integer;\n");
  const auto diagnostic = error("x", "m")
                              .at(source, range_of(source, "ADD COLUMN"), "adds")
                              .also(source, range_of(source, "account"), "to this table")
                              .also(source, range_of(source, "integer"), "of this type");
  CHECK(rendered(diagnostic) == R"(
error[x]: m
  --> a.sql:1:21
   |
 1 | ALTER TABLE account ADD COLUMN plan integer;
   |             ------- ^^^^^^^^^^      ------- of this type
   |             |       |
   |             |       adds
   |             to this table
)");
}

TEST_CASE("Marks without a word need no room of their own") {
  const auto source = make_source("a.sql", "DROP TABLE a, b;\n");
  CHECK(rendered(error("x", "m").at(source, range_of(source, "a"), "gone").also(source, range_of(source, "b"))) == R"(
error[x]: m
  --> a.sql:1:12
   |
 1 | DROP TABLE a, b;
   |            ^  -
   |            |
   |            gone
)");
}

TEST_CASE("Places in other lines and other files are shown as well") {
  const auto one = make_source("one.sql", "-- first\n-- Revision ID: a1\n\n\nSELECT 1;\n-- Revises: b2\n");
  const auto two = make_source("two.sql", std::string(119, '\n') + "-- Revision ID: a1\n");
  const auto diagnostic = error("duplicate-id", "two revisions have the id a1")
                              .at(one, range_of(one, "a1"), "here")
                              .also(one, range_of(one, "b2"), "and its parent")
                              .also(two, range_of(two, "a1"), "and here")
                              .help("give one of them another id");
  CHECK(rendered(diagnostic) == R"(
error[duplicate-id]: two revisions have the id a1
   --> one.sql:2:17
    |
  2 | -- Revision ID: a1
    |                 ^^ here
...
  6 | -- Revises: b2
    |             -- and its parent
    |
   ::: two.sql:120:17
    |
120 | -- Revision ID: a1
    |                 -- and here
    |
help: give one of them another id
)");
}

TEST_CASE("A single line between two marked ones is shown instead of dots") {
  const auto source = make_source("a.sql", "one\ntwo\nthree\n");
  CHECK(rendered(error("x", "m").at(source, range_of(source, "one")).also(source, range_of(source, "three"))) == R"(
error[x]: m
  --> a.sql:1:1
   |
 1 | one
   | ^^^
 2 | two
 3 | three
   | -----
)");
}

TEST_CASE("A statement of several lines is bracketed") {
  const auto source = make_source("a.sql", "SELECT 1;\nCREATE TABLE a (\n  b int,\n\n  c int\n);\n");
  CHECK(rendered(error("x", "m")
                     .at(source, range_of(source, "CREATE TABLE a (\n  b int,\n\n  c int\n)"), "statement 2 of 2")
                     .note("n")) == R"(
error[x]: m
  --> a.sql:2:1
   |
 2 | / CREATE TABLE a (
...  |
 6 | | );
   | |_^ statement 2 of 2
   |
   = note: n
)");
}

TEST_CASE("A bracket that begins inside a line is led there, and marks inside it are kept") {
  const auto source = make_source("a.sql", "SELECT 1; UPDATE a\n  SET b = 1\n  WHERE c;\n");
  CHECK(rendered(error("x", "m")
                     .at(source, range_of(source, "UPDATE a\n  SET b = 1\n  WHERE c"), "all of it")
                     .also(source, range_of(source, "b = 1"), "this")) == R"(
error[x]: m
  --> a.sql:1:11
   |
 1 |   SELECT 1; UPDATE a
   |  ___________^
 2 | |   SET b = 1
   | |       ----- this
 3 | |   WHERE c;
   | |_________^ all of it
)");
}

TEST_CASE("A line end at the end of a range does not drag in the next line") {
  const auto source = make_source("a.sql", "DROP TABLE a;\r\nSELECT 1;\r\n");
  CHECK(rendered(error("x", "m").at(source, range_of(source, "DROP TABLE a;\r\n"))) == R"(
error[x]: m
  --> a.sql:1:1
   |
 1 | DROP TABLE a;
   | ^^^^^^^^^^^^^
)");
}

TEST_CASE("The end of a file can be pointed at") {
  const auto source = make_source("a.sql", "-- migrate:upgrade\n");
  const auto end = source->text().size();
  CHECK(rendered(error("no-downgrade", "m").at(source, {end, end}, "a downgrade section is missing")) == R"(
error[no-downgrade]: m
  --> a.sql:2:1
   |
 2 |
   | ^ a downgrade section is missing
)");
  const auto empty = make_source("a.sql", "");
  CHECK(rendered(error("x", "m").at(empty, {0, 0}, "nothing is here")) == R"(
error[x]: m
  --> a.sql:1:1
   |
 1 |
   | ^ nothing is here
)");
  const auto unended = make_source("a.sql", "SELECT");
  CHECK(rendered(error("x", "m").at(unended, {6, 6}, "more is missing")) == R"(
error[x]: m
  --> a.sql:1:7
   |
 1 | SELECT
   |       ^ more is missing
)");
}

TEST_CASE("A range past the end of its text is drawn at the end") {
  const auto source = make_source("a.sql", "SELECT");
  CHECK(rendered(error("x", "m").at(source, {100, 200})) == R"(
error[x]: m
  --> a.sql:1:7
   |
 1 | SELECT
   |       ^
)");
}

TEST_CASE("Tabs, wide characters and combining ones keep carets in place") {
  const auto source = make_source("a.sql", "\tSELECT\t'日本', 'e\u0301' FROM täble;\n");
  CHECK(rendered(error("x", "m").at(source, range_of(source, "täble"), "here")) == R"(
error[x]: m
  --> a.sql:1:25
   |
 1 |     SELECT  '日本', ')" "e\u0301" R"(' FROM täble;
   |                              ^^^^^ here
)");
  CHECK(rendered(error("x", "m").at(source, range_of(source, "本"), "here")) == R"(
error[x]: m
  --> a.sql:1:11
   |
 1 |     SELECT  '日本', ')" "e\u0301" R"(' FROM täble;
   |                ^^ here
)");
}

TEST_CASE("Long lines are windowed round what is marked") {
  const std::string values = "(1, 'aaaaaaaaaaaaaaaaaaaaaaaa'), ";
  std::string text = "INSERT INTO t VALUES ";
  for (int i = 0; i < 10; ++i) text += values;
  text += "(oops), ";
  for (int i = 0; i < 10; ++i) text += values;
  const auto source = make_source("a.sql", text + "\n");
  const auto picture = rendered(error("x", "m").at(source, range_of(source, "oops"), "no such column"));
  INFO(picture);
  const auto lines = split(picture, '\n');
  REQUIRE(lines.size() == 7);
  CHECK(lines[4].substr(0, 8) == " 1 | ...");
  CHECK(lines[4].ends_with("..."));
  CHECK(lines[4].size() == 5 + 120);
  CHECK(lines[4].find("oops") == lines[5].find("^^^^"));
  CHECK(lines[5].ends_with("^^^^ no such column"));
}

TEST_CASE("On a terminal lines are windowed to its width") {
  const auto source = make_source("a.sql", "SELECT " + std::string(200, 'a') + " FROM b;\n");
  const auto picture = render_diagnostic(error("x", "m").at(source, range_of(source, "b;")), live(60));
  INFO(picture);
  for (const auto line : split(picture, '\n')) CHECK(display_width(line) <= 60);
  CHECK(picture.find("aaa FROM b;\n") != std::string::npos);
}

TEST_CASE("A mark that begins before the window and ends after it is cut to it") {
  const auto source = make_source("a.sql", std::string(1000, 'a'));
  const auto picture = render_diagnostic(error("x", "m").at(source, {0, 1000}, "all"), {});
  INFO(picture);
  const auto lines = split(picture, '\n');
  CHECK(std::count(lines[4].begin(), lines[4].end(), '^') <= 121);
  CHECK(lines[4].ends_with("^ all"));
}

TEST_CASE("Notes are wrapped on a terminal only, and stay aligned") {
  const auto diagnostic = error("x", "m")
                              .note("state", "c77d0aa rolled back; app_dev is at 8be01d4 as before this revision")
                              .note("first\nsecond")
                              .help("remove the duplicates that the server names, then run it again");
  CHECK("\n" + render_diagnostic(diagnostic, live(48)) == R"(
error[x]: m
   = state: c77d0aa rolled back; app_dev is at
            8be01d4 as before this revision
   = note: first
           second
help: remove the duplicates that the server
      names, then run it again
)");
  CHECK(rendered(diagnostic) == R"(
error[x]: m
   = state: c77d0aa rolled back; app_dev is at 8be01d4 as before this revision
   = note: first
           second
help: remove the duplicates that the server names, then run it again
)");
}

TEST_CASE("Nothing that a server or a file says reaches the terminal as a control sequence") {
  const auto source = make_source("a\x1b[2J.sql", "SELECT '\x1b]0;title\x07' \xff \u202e;\n");
  const auto text = rendered(error("x", "message \x1b[31m red\r\nsecond")
                                 .at(source, range_of(source, "title"), "label \x9b")
                                 .note("lab\x1b[0mel", "note \b")
                                 .help("help \x7f", {Edit{source, {0, 6}, "\x1b[5m"}}));
  CHECK(text == R"(
error[x]: message \x1b[31m red
    second
  --> a\x1b[2J.sql:1:13
   |
 1 | SELECT '\x1b]0;title\x07' \xff \u202e;
   |                ^^^^^ label \x9b
   |
   = lab\x1b[0mel: note \x08
help: help \x7f
   |
 1 ~ \x1b[5m '\x1b]0;title\x07' \xff \u202e;
)");
}

TEST_CASE("Added, changed and removed lines are shown as such") {
  const auto source = make_source("a.sql", "-- migrate:upgrade\nBEGIN;\nDROP TABLE a;\nCOMMIT;\n");
  const auto patch = [&](std::vector<Edit> edits) {
    const auto text = rendered(error("x", "m").at(source, {0, 0}).help("do this", std::move(edits)));
    return "\n" + text.substr(text.find("help:"));
  };
  const auto drop = range_of(source, "DROP TABLE a;");

  CHECK(patch({{source, {drop.begin, drop.begin}, "-- migrate:allow destroys-data (empty since May)\n"}}) == R"(
help: do this
   |
 3 + -- migrate:allow destroys-data (empty since May)
 4 | DROP TABLE a;
)");
  CHECK(patch({{source, range_of(source, "BEGIN;\n"), ""}, {source, range_of(source, "COMMIT;\n"), ""}}) == R"(
help: do this
   |
 2 - BEGIN;
 2 | DROP TABLE a;
 4 - COMMIT;
)");
  CHECK(patch({{source, drop, "DROP TABLE IF EXISTS a;\nDROP TABLE IF EXISTS b;"}}) == R"(
help: do this
   |
 3 - DROP TABLE a;
 3 + DROP TABLE IF EXISTS a;
 4 + DROP TABLE IF EXISTS b;
)");
  CHECK(patch({{source, {source->text().size(), source->text().size()}, "\n-- migrate:downgrade\n"}}) == R"(
help: do this
   |
 5 +
 6 + -- migrate:downgrade
)");
  CHECK(patch({{source, range_of(source, "BEGIN"), "START"}, {source, range_of(source, "TABLE"), "VIEW"}}) == R"(
help: do this
   |
 2 ~ START;
 3 ~ DROP VIEW a;
)");
}

TEST_CASE("A patch of another file names it") {
  const auto one = make_source("one.sql", "SELECT 1;\n");
  const auto two = make_source("two.sql", "SELECT 2;\n");
  CHECK(rendered(error("x", "m").at(one, {0, 6}).help("change it", {Edit{two, {7, 8}, "3"}})) == R"(
error[x]: m
  --> one.sql:1:1
   |
 1 | SELECT 1;
   | ^^^^^^
   |
help: change it
  --> two.sql:1:8
   |
 1 ~ SELECT 3;
)");
}

TEST_CASE("Several diagnostics are kept apart by an empty line") {
  const Diagnostics diagnostics{error("a", "first"), warning("b", "second")};
  CHECK(render_diagnostics(diagnostics, {}) == "error[a]: first\n\nwarning[b]: second\n");
  CHECK(render_diagnostics({}, {}).empty());
}

TEST_CASE("Colour changes nothing but the colour") {
  const auto source = index_file();
  const auto two = make_source("two.sql", "CREATE TABLE a (\n  b int\n);\n");
  const auto diagnostic = error("non-concurrent-index", "message")
                              .at(source, range_of(source, "CREATE INDEX"), "label")
                              .also(source, range_of(source, "account_email_idx"), "other")
                              .also(two, {0, two->text().size()}, "elsewhere")
                              .note("note")
                              .help("help", {Edit{source, range_of(source, "email)"), "id)\nWHERE true"}});
  Style style;
  style.color = true;
  const auto coloured = render_diagnostic(diagnostic, style);
  CHECK(coloured.find("\x1b[1;31merror[non-concurrent-index]\x1b[0m") != std::string::npos);
  CHECK(without_colour(coloured) == render_diagnostic(diagnostic, {}));
}

TEST_CASE("Any range in any text is drawn, in any width, without blanks at line ends") {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random); };
  const std::vector<std::string> pieces{"a", "SELECT ", "\t", "\n", "\r\n", "日", "\u0301", "\xff", "\x1b", " ",
                                        std::string(150, 'x')};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto n = pick(30); n > 0; --n) text += pieces[pick(pieces.size() - 1)];
    const auto source = make_source("a.sql", text);
    const auto range = [&] {
      const auto begin = pick(text.size());
      return ByteRange{begin, begin + pick(text.size() - begin)};
    };
    auto diagnostic = error("x", "m").at(source, range(), "label").also(source, range(), "other").help(
        "h", {Edit{source, range(), "new\n"}, Edit{source, range(), ""}});
    const auto style = pick(1) == 0 ? Style{} : live(20 + pick(60));
    const auto picture = render_diagnostic(diagnostic, style);
    INFO(picture);
    for (const auto line : split(picture, '\n')) REQUIRE_FALSE(line.ends_with(' '));
    REQUIRE(picture.find('^') != std::string::npos);
    REQUIRE(picture.find('\x1b') == std::string::npos);
    REQUIRE_FALSE(find_invalid_utf8(picture));
  }
}
