#include <algorithm>
#include <string>

#include <migrate/base/text.hpp>

#include "support/catch.hpp"
#include "unit/ui/rendered.hpp"

using namespace migrate;
using namespace migrate::ui;

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
 1 |     SELECT  '日本', ')"
                                                                                   "e\u0301"
                                                                                   R"(' FROM täble;
   |                              ^^^^^ here
)");
  CHECK(rendered(error("x", "m").at(source, range_of(source, "本"), "here")) == R"(
error[x]: m
  --> a.sql:1:11
   |
 1 |     SELECT  '日本', ')"
                                                                                "e\u0301"
                                                                                R"(' FROM täble;
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
