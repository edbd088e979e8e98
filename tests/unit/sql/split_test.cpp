#include <fmt/format.h>
#include "support/catch.hpp"

#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;
using Texts = std::vector<std::string>;

TEST_CASE("statements end at semicolons outside literals, names and comments") {
  CHECK(split("SELECT 1; SELECT 2;") == Texts{"SELECT 1", "SELECT 2"});
  CHECK(split("SELECT ';'; SELECT \";\"; SELECT $$;$$; SELECT $a$ $$;$$ ; $a$") ==
        Texts{"SELECT ';'", "SELECT \";\"", "SELECT $$;$$", "SELECT $a$ $$;$$ ; $a$"});
  CHECK(split("SELECT 1 /* ; /* ; */ ; */ + 2; SELECT 3 -- ;\n + 4") ==
        Texts{"SELECT 1 /* ; /* ; */ ; */ + 2", "SELECT 3 -- ;\n + 4"});
  CHECK(split("SELECT E'\\';', 'a\\'; SELECT 'it''s;'") == Texts{"SELECT E'\\';', 'a\\'", "SELECT 'it''s;'"});
  CHECK(split("SELECT U&'\\0061;' UESCAPE '!', U&\"b;\"; SELECT b';', X'1;'") ==
        Texts{"SELECT U&'\\0061;' UESCAPE '!', U&\"b;\"", "SELECT b';', X'1;'"});
  CHECK(split("SELECT 'a;'\n  ';b'; SELECT 2") == Texts{"SELECT 'a;'\n  ';b'", "SELECT 2"});
  CHECK(split("SELECT $1; SELECT a$b; SELECT $c$;$c$") == Texts{"SELECT $1", "SELECT a$b", "SELECT $c$;$c$"});
}

TEST_CASE("a statement's range begins at its first token and ends at its last") {
  CHECK(split("\n -- over\n /* before */ SELECT 1 /* after */ ;\n-- below\n") == Texts{"SELECT 1"});
  CHECK(split("SELECT 1 -- at the end") == Texts{"SELECT 1"});
}

TEST_CASE("a missing final semicolon is well") {
  CHECK(split("SELECT 1;\nSELECT 2\n") == Texts{"SELECT 1", "SELECT 2"});
}

TEST_CASE("there may be no statement") {
  CHECK(split("").empty());
  CHECK(split(" \r\n\t").empty());
  CHECK(split("-- only a comment\n/* and another */").empty());
  CHECK(split(";; ;").empty());
}

TEST_CASE("lone semicolons are passed over") {
  CHECK(split(";SELECT 1;; ;SELECT 2;;") == Texts{"SELECT 1", "SELECT 2"});
}

TEST_CASE("CRLF parts lines as LF does") {
  CHECK(split("-- c\r\nSELECT 1\r\n + 2;\r\n-- d\r\nSELECT '\r\n';\r\n") == Texts{"SELECT 1\r\n + 2", "SELECT '\r\n'"});
}

TEST_CASE("semicolons in parentheses end nothing") {
  CHECK(split("CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b;); SELECT 1") ==
        Texts{"CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b;)", "SELECT 1"});
  CHECK(split("SELECT 1); SELECT 2") == Texts{"SELECT 1)", "SELECT 2"});
}

TEST_CASE("a BEGIN ATOMIC body is one piece") {
  const std::string body =
      "CREATE OR REPLACE FUNCTION f(begin int, atomic int) RETURNS text LANGUAGE sql\nBEGIN ATOMIC\n"
      "  INSERT INTO t VALUES (1);\n"
      "  SELECT CASE WHEN begin = 1 THEN CASE atomic WHEN 2 THEN 'x' END ELSE 'end' END AS end, t.end, t.case FROM t;\n"
      "END";
  CHECK(split(body + "; SELECT 1;") == Texts{body, "SELECT 1"});
  CHECK(split("create procedure p() begin atomic; delete from t; end; select 1") ==
        Texts{"create procedure p() begin atomic; delete from t; end", "select 1"});
}

TEST_CASE("BEGIN ATOMIC means nothing outside of a routine") {
  CHECK(split("BEGIN ATOMIC; SELECT 1; END") == Texts{"BEGIN ATOMIC", "SELECT 1", "END"});
  CHECK(split("CREATE FUNCTION f(begin atomic) RETURNS int LANGUAGE sql AS 'select 1'; SELECT 2") ==
        Texts{"CREATE FUNCTION f(begin atomic) RETURNS int LANGUAGE sql AS 'select 1'", "SELECT 2"});
}

TEST_CASE("a section is a part of its source") {
  const auto source = make_source("a.sql", "it's not ours\nSELECT 1;\nSELECT 2;\nnor 'this");
  const auto begin = source->text().find("SELECT 1");
  const auto statements = sql::split_statements(source, {begin, source->text().find("nor")});
  REQUIRE(statements);
  REQUIRE(statements->size() == 2);
  CHECK(source->text(statements->at(1).range) == "SELECT 2");
}

TEST_CASE("texts larger than a window are cut alike") {
  std::string text;
  Texts expected;
  for (int i = 0; text.size() < 300'000; ++i) {
    const std::string statement = fmt::format("INSERT INTO t VALUES ({}, 'it''s; {}', $x$;{}$x$)", i, i, i);
    text += fmt::format("-- row {}\n{};\n", i, statement);
    expected.push_back(statement);
  }
  const std::string large = "DO $body$ " + std::string(500'000, ';') + " $body$";
  text += large + ";\nSELECT 'last'";
  expected.push_back(large);
  expected.push_back("SELECT 'last'");
  CHECK(split(text) == expected);
}

TEST_CASE("the place of a window's end changes nothing") {
  // The first window ends at 128 KiB: put each byte of these statements there once.
  const std::string tail = "SELECT $a$;$a$, E'\\';', U&\"b;\" /* ; */, 1_0 -- ;\n, '\xC3\xA9'; SELECT 2";
  const Texts expected{"SELECT $a$;$a$, E'\\';', U&\"b;\" /* ; */, 1_0 -- ;\n, '\xC3\xA9'", "SELECT 2"};
  for (std::size_t i = 0; i <= tail.size(); ++i) {
    const std::string text = std::string(128 * 1024 - i, ' ') + tail;
    REQUIRE(split(text) == expected);
    REQUIRE(split("SELECT 0;" + text.substr(9)).size() == 3);
  }
}

TEST_CASE("a literal that is not closed is reported where it opens") {
  CHECK(problems("SELECT 1;\n  SELECT '\xC3\xA9', 'b;\nSELECT 2;") ==
        "unterminated-literal: unterminated quoted string\n"
        "  at 2:15 `` opened here, never closed\n"
        "  help: close it; a quote inside a literal is doubled\n");
  CHECK(problems("DO $a$ $$;") ==
        "unterminated-literal: unterminated dollar-quoted string\n"
        "  at 1:4 `` opened here, never closed\n"
        "  help: close it; a quote inside a literal is doubled\n");
  CHECK(problems("SELECT 1; /* /* */") ==
        "unterminated-literal: unterminated /* comment\n"
        "  at 1:11 `` opened here, never closed\n"
        "  help: close it; a quote inside a literal is doubled\n");
}

TEST_CASE("a broken escape is reported where it stands") {
  CHECK(problems("SELECT 1;\nSELECT '\xC3\xA9', E'a\\u00zz';") ==
        "invalid-literal: invalid Unicode escape\n"
        "  at 2:16 ``\n");
}
