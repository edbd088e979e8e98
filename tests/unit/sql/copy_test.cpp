#include <fmt/format.h>
#include "support/catch.hpp"

#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;
using Texts = std::vector<std::string>;

TEST_CASE("COPY data goes from the next line to the closing line") {
  CHECK(split("COPY t FROM stdin;\n1\ta\n2\tb\n\\.\nSELECT 1;") ==
        Texts{"COPY t FROM stdin [1\ta\n2\tb\n]", "SELECT 1"});
  CHECK(split("copy public.t (a, \"from\") from STDIN with (format csv, delimiter ';');\n1;'\n\\.\n") ==
        Texts{"copy public.t (a, \"from\") from STDIN with (format csv, delimiter ';') [1;'\n]"});
  CHECK(split("COPY t\nFROM\nstdin\n;\nx\n\\.") == Texts{"COPY t\nFROM\nstdin [x\n]"});
  CHECK(split("COPY t FROM stdin;\n\\.\n") == Texts{"COPY t FROM stdin []"});
}

TEST_CASE("COPY data may hold quotes, semicolons, comments and backslashes") {
  const std::string data = "O'Brien\t\"\n$$\t/*\n-- x;\n\\N\t\\\\.\nE'\\xff'\n.\\\n \\.\n\\.x\n";
  CHECK(split("COPY t FROM stdin;\n" + data + "\\.\nCOPY u FROM stdin; -- more\n'\n\\.\nSELECT ';'") ==
        Texts{"COPY t FROM stdin [" + data + "]", "COPY u FROM stdin ['\n]", "SELECT ';'"});
}

TEST_CASE("COPY data may have CRLF line ends") {
  CHECK(split("COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;\r\n") == Texts{"COPY t FROM stdin [1\r\n]", "SELECT 1"});
}

TEST_CASE("what is no COPY from the client has no data") {
  CHECK(split("COPY t FROM '/tmp/x'; COPY t TO stdout; COPY t FROM PROGRAM 'stdin'; COPY (SELECT 1) TO STDOUT;") ==
        Texts{"COPY t FROM '/tmp/x'", "COPY t TO stdout", "COPY t FROM PROGRAM 'stdin'", "COPY (SELECT 1) TO STDOUT"});
  CHECK(split("SELECT 'COPY t FROM stdin;\n\\.\n'; /* COPY t FROM stdin;\n\\.\n */ SELECT 2") ==
        Texts{"SELECT 'COPY t FROM stdin;\n\\.\n'", "SELECT 2"});
}

TEST_CASE("COPY data without its closing line is reported at the statement") {
  const std::string expected =
      "copy-data-unterminated: the data of `COPY ... FROM stdin` has no end\n"
      "  at 1:1 `COPY t FROM stdin` its data follows on the next line\n"
      "  help: close the data with a line that holds `\\.` alone\n";
  CHECK(problems("COPY t FROM stdin;\nO'Brien\n") == expected);
  CHECK(problems("COPY t FROM stdin;") == expected);
  CHECK(problems("COPY t FROM stdin") == expected);
}

TEST_CASE("text after COPY on its line is refused") {
  CHECK(problems("COPY t FROM stdin; SELECT 1;\n1\n\\.\n") ==
        "copy-trailing-text: text after `COPY ... FROM stdin;` on its line\n"
        "  at 1:20 `SELECT 1;` the data begins on the next line\n"
        "  help: put it on a line below the data\n");
}

TEST_CASE("psql commands are refused, each with advice") {
  CHECK(problems(
            "\\set ON_ERROR_STOP on\nSELECT 1;\n  \\i it's.sql\n\\connect other\n\\echo \"\nSELECT 'x\n\\i y\n';\n") ==
        "psql-meta-command: `\\set` is a command of psql, not SQL\n"
        "  at 1:1 `\\set`\n"
        "  help: write the value itself: revisions have no variables, so that they run alike everywhere\n"
        "psql-meta-command: `\\i` is a command of psql, not SQL\n"
        "  at 3:3 `\\i`\n"
        "  help: put the file's SQL here, or make a revision of its own of it\n"
        "psql-meta-command: `\\connect` is a command of psql, not SQL\n"
        "  at 4:1 `\\connect`\n"
        "  help: remove it: a history belongs to one database, which the settings name\n"
        "psql-meta-command: `\\echo` is a command of psql, not SQL\n"
        "  at 5:1 `\\echo`\n"
        "  help: remove it: it only writes to psql's output\n");
  CHECK(problems("SELECT 1 \\gset\n\\.\n\\unknown\n") ==
        "psql-meta-command: `\\gset` is a command of psql, not SQL\n"
        "  at 1:10 `\\gset`\n"
        "  help: write the value itself: revisions have no variables, so that they run alike everywhere\n"
        "psql-meta-command: `\\.` is a command of psql, not SQL\n"
        "  at 2:1 `\\.`\n"
        "  help: remove it, or put COPY ... FROM stdin over the data that it closes\n"
        "psql-meta-command: `\\unknown` is a command of psql, not SQL\n"
        "  at 3:1 `\\unknown`\n"
        "  help: remove it: only psql knows it, the server does not\n");
  CHECK(problems("\\copy t from 'x'\n") ==
        "psql-meta-command: `\\copy` is a command of psql, not SQL\n"
        "  at 1:1 `\\copy`\n"
        "  help: use COPY ... FROM stdin and put the data below it, closed by a line with \\.\n");
}

TEST_CASE("pg_dump's restrict lines between statements are passed over") {
  CHECK(split("\\restrict abc'd\n-- migrate:assert\nSELECT 1;\n\\unrestrict abc'd\n") == Texts{"SELECT 1"});
  CHECK(problems("SELECT 1\n\\restrict a\n;") ==
        "psql-meta-command: `\\restrict` is a command of psql, not SQL\n"
        "  at 2:1 `\\restrict`\n"
        "  help: end the statement before it\n");
}

TEST_CASE("many small COPY blocks and large data are both cut") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += fmt::format("COPY t{} FROM stdin;\n{}\tit's\n\\.\n", i, i);
  const std::string row = "1\tO'Brien\t\\N\t$$\n";
  std::string data;
  while (data.size() < 5'000'000) data += row;
  text += "COPY large FROM stdin;\n" + data + "\\.\nSELECT 1;";
  const auto statements = split(text);
  REQUIRE(statements.size() == 302);
  CHECK(statements[299] == "COPY t299 FROM stdin [299\tit's\n]");
  CHECK(statements[300].size() == data.size() + std::string("COPY large FROM stdin []").size());
  CHECK(statements[301] == "SELECT 1");
}
