#include <map>

#include <migrate/config/settings.hpp>

#include "plain_text.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::config;

namespace {

using Values = std::map<std::string, std::string>;

Values values_of(std::string text) {
  const auto variables = parse_dotenv(make_source(".env", std::move(text)));
  INFO(test::plain_text(variables));
  REQUIRE(variables);
  Values values;
  for (const auto& [name, value] : *variables) values[name] = value.first;
  return values;
}

std::string errors_of(std::string text) { return test::plain_text(parse_dotenv(make_source(".env", std::move(text)))); }

}  // namespace

TEST_CASE("plain lines, exported ones, comments and blanks are read") {
  CHECK(values_of("# comment\n\nA=1\n export B=two words \n\tC = 3 # comment\nD=\nE=a#b\nF=#c\n_g.h=x") ==
        Values{{"A", "1"}, {"B", "two words"}, {"C", "3"}, {"D", ""}, {"E", "a#b"}, {"F", ""}, {"_g.h", "x"}});
  CHECK(values_of("").empty());
  CHECK(values_of("A=1\r\nB=\"2\"\r\n") == Values{{"A", "1"}, {"B", "2"}});
  CHECK(values_of("\xEF\xBB\xBF"
                  "A=1") == Values{{"A", "1"}});
  CHECK(values_of("export=1\nexported=2\n") == Values{{"export", "1"}, {"exported", "2"}});
}

TEST_CASE("a URL needs no quotes, whatever stands in it") {
  CHECK(values_of("DATABASE_URL=postgresql://u:p#q'r\"s$t=u@h:5432/d?sslmode=require&x=y # dev") ==
        Values{{"DATABASE_URL", "postgresql://u:p#q'r\"s$t=u@h:5432/d?sslmode=require&x=y"}});
}

TEST_CASE("single quotes keep everything, double ones know escapes") {
  CHECK(values_of(R"(A='a\n"$b" # c' # comment)") == Values{{"A", R"(a\n"$b" # c)"}});
  CHECK(values_of(R"(A="a\n\t\"\\\$b\x # c"# comment)") == Values{{"A", "a\n\t\"\\$b\\x # c"}});
  CHECK(values_of("A=''\nB=\"\"") == Values{{"A", ""}, {"B", ""}});
}

TEST_CASE("quoted values may have several lines, and the lines after them keep their numbers") {
  const auto variables = parse_dotenv(make_source(".env", "A=\"one\ntwo # x\nthree\"\nB='x\ny'\nC=1\n"));
  REQUIRE(variables);
  CHECK(variables->at("A") == std::pair<std::string, std::size_t>{"one\ntwo # x\nthree", 1});
  CHECK(variables->at("B") == std::pair<std::string, std::size_t>{"x\ny", 4});
  CHECK(variables->at("C") == std::pair<std::string, std::size_t>{"1", 6});
}

TEST_CASE("nothing is substituted, and the last of two equal names wins") {
  CHECK(values_of("A=1\nB=$A${A}`ls`\nA=2") == Values{{"A", "2"}, {"B", "$A${A}`ls`"}});
}

TEST_CASE("all wrong lines are told at once, with place and without values") {
  CHECK(errors_of("A=1\nhunter2\nB=\"x\"hunter2\n1C=hunter2\nexport D\nE=\"hunter2\nmore") ==
        R"(error[invalid-dotenv]: this line is not `NAME=value`
  --> .env:2:1
  | ***
  | ^^^
help: write a name of letters, digits and `_`, then `=`; put a value of several lines in quotes
error[invalid-dotenv]: there is text after the value's closing quote
  --> .env:3:1
  | B=***
  | ^^^^^
help: put the whole value in quotes
error[invalid-dotenv]: this line is not `NAME=value`
  --> .env:4:1
  | ***
  | ^^^
help: write a name of letters, digits and `_`, then `=`; put a value of several lines in quotes
error[invalid-dotenv]: this line is not `NAME=value`
  --> .env:5:1
  | ***
  | ^^^
help: write a name of letters, digits and `_`, then `=`; put a value of several lines in quotes
error[invalid-dotenv]: the value's quote is not closed
  --> .env:6:1
  | E=***
  | ^^^^^
help: close it with "
)");
}

TEST_CASE("a file that is not text is refused at the place") {
  CHECK(errors_of("A=1\nB=\xFF\n") == R"(error[invalid-dotenv]: the file is not UTF-8 text here
  --> .env:2:1
  | B=***
  | ^^^^^
help: save the file as UTF-8
)");
  CHECK(errors_of(std::string("A=\0x", 4)).find("not UTF-8") != std::string::npos);
}

TEST_CASE("no error of .env shows a value, wherever the quotes are broken") {
  const std::string whole =
      "A='x'\nPASSWORD=\"s3cret\ns3cret=s3cret\ns3cret\"\nDATABASE_URL='postgres://u:s3cret@h/d'\n";
  for (std::size_t gone = 0; gone < whole.size(); ++gone) {
    auto text = whole;
    text.erase(gone, 1);
    const auto variables = parse_dotenv(make_source(".env", text));
    if (variables) continue;
    CAPTURE(text);
    // A name may be shown: the third line looks like one where the quotes before it are broken.
    auto shown = test::everything_shown(variables.error().diagnostics);
    for (auto at = shown.find("s3cret="); at != std::string::npos; at = shown.find("s3cret=")) shown.erase(at, 7);
    CHECK(shown.find("s3cret") == std::string::npos);
  }
}
