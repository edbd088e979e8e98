#include <migrate/ui/diagnostic_text.hpp>

#include <algorithm>
#include <random>

#include <migrate/base/text.hpp>

#include "support/catch.hpp"
#include "unit/ui/rendered.hpp"

using namespace migrate;
using namespace migrate::ui;

namespace {

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
  const auto source =
      make_source("migrations/c77d0aa_unique_email.sql",
                  std::string(12, '\n') + "ALTER TABLE account\n  ADD CONSTRAINT account_email_key UNIQUE (email);\n");
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
                              .help(
                                  "choose one\nmigrate resume                   drop the index\n"
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
  const std::vector<std::string> pieces{
      "a", "SELECT ", "\t", "\n", "\r\n", "日", "\u0301", "\xff", "\x1b", " ", std::string(150, 'x')};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto n = pick(30); n > 0; --n) text += pieces[pick(pieces.size() - 1)];
    const auto source = make_source("a.sql", text);
    const auto range = [&] {
      const auto begin = pick(text.size());
      return ByteRange{begin, begin + pick(text.size() - begin)};
    };
    auto diagnostic = error("x", "m")
                          .at(source, range(), "label")
                          .also(source, range(), "other")
                          .help("h", {Edit{source, range(), "new\n"}, Edit{source, range(), ""}});
    const auto style = pick(1) == 0 ? Style{} : live(20 + pick(60));
    const auto picture = render_diagnostic(diagnostic, style);
    INFO(picture);
    for (const auto line : split(picture, '\n')) REQUIRE_FALSE(line.ends_with(' '));
    REQUIRE(picture.find('^') != std::string::npos);
    REQUIRE(picture.find('\x1b') == std::string::npos);
    REQUIRE_FALSE(find_invalid_utf8(picture));
  }
}
