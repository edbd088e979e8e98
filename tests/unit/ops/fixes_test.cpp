#include "ops/lint/fixes.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::ops;

namespace {

FixedText fixed(const SourcePtr& source, const std::vector<std::vector<Edit>>& fixes) {
  std::vector<const std::vector<Edit>*> pointers;
  for (const auto& fix : fixes) pointers.push_back(&fix);
  return apply_fixes(source, pointers);
}

}  // namespace

TEST_CASE("fixes that touch nothing of one another are done at once, in any order") {
  const auto source = make_source("a.sql", "one two three");
  const auto result = fixed(source, {{{source, {8, 13}, "3"}}, {{source, {0, 3}, "1"}, {source, {3, 3}, ","}}});
  CHECK(result.text == "1, two 3");
  CHECK(result.fixes == 2);
}

TEST_CASE("of fixes that touch, the first is done whole, and the other not in part") {
  const auto source = make_source("a.sql", "one two three");
  const auto result = fixed(source, {{{source, {0, 7}, "x"}}, {{source, {4, 7}, "2"}, {source, {8, 13}, "3"}}});
  CHECK(result.text == "x three");
  CHECK(result.fixes == 1);
}

TEST_CASE("two insertions at one place are not done at once") {
  const auto source = make_source("a.sql", "ab");
  const auto result = fixed(source, {{{source, {1, 1}, "x"}}, {{source, {1, 1}, "y"}}});
  CHECK(result.text == "axb");
}

TEST_CASE("what is put in has the line ends of the file") {
  const auto source = make_source("a.sql", "one\r\ntwo\r\n");
  CHECK(fixed(source, {{{source, {5, 5}, "x\ny\r\n"}}}).text == "one\r\nx\r\ny\r\ntwo\r\n");
}

TEST_CASE("edits of another text, or behind its end, change nothing") {
  const auto source = make_source("a.sql", "ab"), other = make_source("a.sql", "ab");
  CHECK(fixed(source, {{{other, {0, 1}, "x"}}, {{source, {1, 9}, "y"}}, {}}).text == "ab");
}
