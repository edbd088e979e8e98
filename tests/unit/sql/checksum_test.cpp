#include "support/catch.hpp"
#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("what does not change the tokens does not change the checksum") {
  const std::string plain = checksum("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1, 'x', \"Y\", $$z$$);");
  CHECK(plain.starts_with("tokens1:"));
  CHECK(plain.size() == std::string("tokens1:").size() + 64);
  CHECK(plain == checksum("-- a licence\r\nCREATE /* ; */ TABLE t(\r\n  a int\r\n)\r\n;\r\n\r\n"
                          "INSERT INTO t VALUES( 1,'x' , \"Y\", $$z$$ ) -- no semicolon"));
  CHECK(plain == checksum("create table T (A INT);;insert into t values (1, 'x', \"Y\", $$z$$);"));
  CHECK(plain == checksum("\xEF\xBB\xBF"
                          "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1, 'x', \"Y\", $$z$$);"));
}

TEST_CASE("a changed token changes the checksum") {
  const std::string text = "INSERT INTO t VALUES (1, 'x', \"Y\", $$z$$)";
  const std::string plain = checksum(text);
  const auto with = [&](std::string_view old, std::string_view replacement) {
    std::string changed = text;
    changed.replace(changed.find(old), old.size(), replacement);
    return checksum(changed);
  };
  CHECK(with("1", "2") != plain);
  CHECK(with("'x'", "'X'") != plain);
  CHECK(with("'x'", "' x'") != plain);
  CHECK(with("\"Y\"", "\"y\"") != plain);
  CHECK(with("$$z$$", "$$ z$$") != plain);
  CHECK(with("$$z$$", "'z'") != plain);
  CHECK(with(", \"Y\"", "") != plain);
}

TEST_CASE("statements' ends count") {
  CHECK(checksum("SELECT 1; SELECT 2") != checksum("SELECT 1 SELECT 2"));
  CHECK(checksum("a; end") != checksum("a end"));
  CHECK(checksum("") == checksum("-- nothing"));
  CHECK(checksum("") != checksum("SELECT 1"));
}

TEST_CASE("line ends inside literals count as one kind, other white space as it is") {
  CHECK(checksum("SELECT 'a\r\nb'") == checksum("SELECT 'a\nb'"));
  CHECK(checksum("SELECT 'a\nb'") != checksum("SELECT 'a b'"));
  CHECK(checksum("DO $$\r\nbegin\r\nend\r\n$$") == checksum("DO $$\nbegin\nend\n$$"));
}

TEST_CASE("COPY data counts as it is") {
  const std::string plain = checksum("COPY t FROM stdin;\n1\ta\n\\.\n");
  CHECK(plain.starts_with("tokens1:"));
  CHECK(plain == checksum("-- rows\r\ncopy T from STDIN ;\r\n1\ta\r\n\\.\r\n"));
  CHECK(plain != checksum("COPY t FROM stdin;\n1\t a\n\\.\n"));
  CHECK(plain != checksum("COPY t FROM stdin;\n1\tA\n\\.\n"));
  CHECK(plain != checksum("COPY t FROM stdin;\n\\.\n"));
}

TEST_CASE("a section that cannot be cut has a checksum of its text") {
  const std::string plain = checksum("SELECT 'a;\r\n");
  CHECK(plain.starts_with("text1:"));
  CHECK(plain == checksum("\n SELECT 'a;\n\n"));
  CHECK(plain != checksum("SELECT  'a;"));
  CHECK(checksum("\\i x\n").starts_with("text1:"));
}

TEST_CASE("a misplaced directive is a comment to the checksum") {
  CHECK(checksum("SELECT 1; -- migrate:allow a\n") == checksum("SELECT 1;"));
}

TEST_CASE("the checksum is the same on every version of the scanner") {
  CHECK(checksum("SELECT 1_000.5, 0xff, U&'\\0061' UESCAPE '!', 'a' 'b', $1, a ? b;") ==
        "tokens1:9c5931b5bd9f91182bd014bd49f0525cc269026c150573581c46f7a65337af5e");
}
