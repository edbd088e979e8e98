#include <thread>
#include <vector>

#include <migrate/base/source.hpp>

#include "support/catch.hpp"

using namespace migrate;

TEST_CASE("an empty text has one line, and one place") {
  const Source source("a.sql", "");
  CHECK(source.line_count() == 1);
  CHECK(source.line_range(1) == ByteRange{0, 0});
  CHECK(source.line_column({0}) == LineColumn{1, 1});
  CHECK(source.line_column({7}) == LineColumn{1, 1});
}

TEST_CASE("lines are counted from 1, and have no line end, whichever it is") {
  const Source source("a.sql", "one\r\ntwo\n\nfour");
  REQUIRE(source.line_count() == 4);
  CHECK(source.text(source.line_range(1)) == "one");
  CHECK(source.text(source.line_range(2)) == "two");
  CHECK(source.text(source.line_range(3)).empty());
  CHECK(source.text(source.line_range(4)) == "four");
}

TEST_CASE("the end of a text that ends in a line end is a place on a line of its own") {
  const Source source("a.sql", "one\n");
  CHECK(source.line_count() == 2);
  CHECK(source.line_column({4}) == LineColumn{2, 1});
  CHECK(source.line_range(2) == ByteRange{4, 4});
}

TEST_CASE("columns count characters, not bytes") {
  const Source source("a.sql", "SELECT 'é€😀' x");
  CHECK(source.line_column({7}) == LineColumn{1, 8});
  CHECK(source.line_column({8}) == LineColumn{1, 9});
  CHECK(source.line_column({10}) == LineColumn{1, 10});
  CHECK(source.line_column({13}) == LineColumn{1, 11});
  CHECK(source.line_column({17}) == LineColumn{1, 12});
  SECTION("and a byte inside a character is that character's place") {
    CHECK(source.line_column({9}) == LineColumn{1, 9});
    CHECK(source.line_column({16}) == LineColumn{1, 11});
  }
}

TEST_CASE("a byte-order mark is no part of the text") {
  const Source source("a.sql", "\xEF\xBB\xBFSELECT 1");
  CHECK(source.text() == "SELECT 1");
  CHECK(source.line_column({0}) == LineColumn{1, 1});
  CHECK(Source("b", "\xEF\xBB\xBF\xEF\xBB\xBF").text().empty());
  CHECK(Source("b", "a\xEF\xBB\xBF").text() == "a\xEF\xBB\xBF");
}

TEST_CASE("byte and character offsets translate into each other at every character") {
  const std::string text = "a\né€😀 z";
  const std::vector<std::size_t> begins{0, 1, 2, 4, 7, 11, 12, 13};
  for (std::size_t i = 0; i < begins.size(); ++i) {
    CHECK(to_byte_offset(text, {i}) == ByteOffset{begins[i]});
    CHECK(to_char_offset(text, {begins[i]}) == CharOffset{i});
  }
  CHECK(to_byte_offset(text, {99}) == ByteOffset{text.size()});
  CHECK(to_char_offset(text, {99}) == CharOffset{7});
  CHECK(to_char_offset(text, {5}) == CharOffset{3});
}

TEST_CASE("every byte of a text lies in the range of its line") {
  const Source source("a.sql", "ab\r\n\n\xC3\xA9\n\nlast");
  for (std::size_t at = 0; at < source.text().size(); ++at) {
    const auto place = source.line_column({at});
    const auto range = source.line_range(place.line);
    CHECK(range.begin <= at);
    const bool in_line_end = at >= range.end;
    CHECK((!in_line_end || source.text()[at] == '\r' || source.text()[at] == '\n'));
  }
}

TEST_CASE("several threads may ask one source for places") {
  const auto source = make_source("a.sql", std::string(10'000, '\n') + "x");
  std::vector<LineColumn> answers(4);
  {
    std::vector<std::thread> threads;
    for (auto& answer : answers) threads.emplace_back([&] { answer = source->line_column({10'000}); });
    for (auto& thread : threads) thread.join();
  }
  for (const auto& answer : answers) CHECK(answer == LineColumn{10'001, 1});
}
