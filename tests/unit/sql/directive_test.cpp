#include <fmt/format.h>
#include "support/catch.hpp"

#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

// Each statement with the directives over it.
std::string directives(const std::string& text) {
  const auto source = make_source("a.sql", text);
  const auto statements = sql::split_statements(source, whole(source));
  if (!statements) return plain(statements.error().diagnostics);
  std::string lines;
  for (const auto& statement : *statements) {
    for (const auto& directive : statement.directives) {
      lines += fmt::format("{}({}) ", directive.name, directive.arguments);
    }
    lines += fmt::format("{}\n", source->text(statement.range));
  }
  return lines;
}

}  // namespace

TEST_CASE("directives belong to the statement below them") {
  CHECK(directives("-- migrate:allow drop-column (empty since May)\nALTER TABLE t DROP c;\nSELECT 1;") ==
        "allow(drop-column (empty since May)) ALTER TABLE t DROP c\nSELECT 1\n");
  CHECK(directives("--migrate:Assert\r\nSELECT 1;\r\n  -- migrate:batch   rows=5 pause=1s \r\nDELETE FROM t") ==
        "assert() SELECT 1\nbatch(rows=5 pause=1s) DELETE FROM t\n");
}

TEST_CASE("blank lines, comments and lone semicolons may stand between a directive and its statement") {
  CHECK(directives("-- migrate:allow a\n\n-- why\n/* more */\n-- migrate:allow b\n;\nSELECT 1") ==
        "allow(a) allow(b) SELECT 1\n");
}

TEST_CASE("what looks like a directive in a literal or a block comment is none") {
  CHECK(directives("SELECT '\n-- migrate:allow a\n'; /*\n-- migrate:allow b\n*/ SELECT 2") ==
        "SELECT '\n-- migrate:allow a\n'\nSELECT 2\n");
}

TEST_CASE("other comments are no directives") {
  CHECK(directives("-- migrate the rows\n-- migrate: the rows\n-- migrate:2\n-- not migrate:allow\nSELECT 1") ==
        "SELECT 1\n");
}

TEST_CASE("a directive that would be taken for another statement's is refused") {
  CHECK(directives("SELECT 1; -- migrate:allow a\nSELECT 2;\nALTER TABLE t\n  -- migrate:allow b\n  DROP c;") ==
        "misplaced-directive: `migrate:allow` stands after a statement on its line\n"
        "  at 1:11 `-- migrate:allow a` to which statement it belongs is not clear\n"
        "  help: put it on a line of its own, directly over its statement\n"
        "misplaced-directive: `migrate:allow` stands inside a statement\n"
        "  at 4:3 `-- migrate:allow b` to which statement it belongs is not clear\n"
        "  help: put it on a line of its own, directly over its statement\n");
}

TEST_CASE("a directive without a statement is refused") {
  CHECK(directives("SELECT 1;\n-- migrate:assert\n") ==
        "directive-without-statement: no statement follows `migrate:assert`\n"
        "  at 2:1 `-- migrate:assert`\n"
        "  help: put it over the statement that it is about, or remove it\n");
}
