#include <migrate/ui/graph_drawing.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "support/catch.hpp"
#include "unit/ui/graph_tracer.hpp"

using namespace migrate;
using namespace migrate::ui;

namespace {

/// Rows from "3: 1 2" lines, with the node's number as text.
std::vector<GraphRow> graph(std::string_view text) {
  std::vector<GraphRow> rows;
  for (const auto line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    const auto colon = line.find(':');
    GraphRow row;
    row.node = static_cast<std::uint32_t>(std::stoul(std::string(trim(line.substr(0, colon)))));
    for (const auto parent : split_list(line.substr(colon + 1)))
      row.parents.push_back(static_cast<std::uint32_t>(std::stoul(std::string(parent))));
    row.glyph = "o";
    row.lines = {std::to_string(row.node)};
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string ascii(std::string_view text) { return "\n" + draw_graph(graph(text), {}); }

std::string unicode(std::string_view text) {
  Style style;
  style.unicode = true;
  return "\n" + draw_graph(graph(text), style);
}

}  // namespace

TEST_CASE("A linear history is drawn without any line between its nodes") {
  CHECK(ascii("3: 2\n2: 1\n1:") == R"(
o  3
o  2
o  1
)");
}

TEST_CASE("A branch that is merged is drawn with diagonals") {
  CHECK(ascii("4: 2 3\n3: 1\n2: 1\n1:") == R"(
o    4
|\
| o  3
o |  2
|/
o  1
)");
  CHECK(unicode("4: 2 3\n3: 1\n2: 1\n1:") == R"(
o    4
├─╮
│ o  3
o │  2
├─╯
o  1
)");
}

TEST_CASE("Several heads join the lane of their common parent") {
  CHECK(ascii("4: 1\n3: 1\n2: 1\n1:") == R"(
o  4
| o  3
|/
| o  2
|/
o  1
)");
}

TEST_CASE("A line that leads past others crosses them") {
  CHECK(ascii("6: 5\n4: 3\n2: 5\n3: 1\n5: 1\n1:") == R"(
o  6
| o  4
| | o  2
+-|-'
| o  3
o |  5
|/
o  1
)");
  CHECK(unicode("6: 5\n4: 3\n2: 5\n3: 1\n5: 1\n1:") == R"(
o  6
│ o  4
│ │ o  2
├─│─╯
│ o  3
o │  5
├─╯
o  1
)");
}

TEST_CASE("An octopus merge spreads its parents out") {
  CHECK(ascii("5: 1 2 3 4\n4: 1\n3: 1\n2: 1\n1:") == R"(
o        5
+-.-.-.
| | | o  4
+-|-|-'
| | o  3
+-|-'
| o  2
|/
o  1
)");
  CHECK(unicode("5: 1 2 3 4\n4: 1\n3: 1\n2: 1\n1:") == R"(
o        5
├─┬─┬─╮
│ │ │ o  4
├─│─│─╯
│ │ o  3
├─│─╯
│ o  2
├─╯
o  1
)");
}

TEST_CASE("A merge whose parents all have lanes ends its own") {
  CHECK(ascii("7: 5\n6: 4\n3: 4 5\n5: 1\n4: 1\n1:") == R"(
o  7
| o  6
| | o  3
+-+-'
o |  5
| o  4
|/
o  1
)");
}

TEST_CASE("A merge into an existing lane beside it is drawn with a diagonal") {
  CHECK(ascii("4: 1\n3: 2 1\n2: 1\n1:") == R"(
o  4
| o  3
|/|
| o  2
|/
o  1
)");
}

TEST_CASE("A parent that is not shown ends in a tilde") {
  CHECK(ascii("2: 9\n1:") == R"(
o  2
~

o  1
)");
  CHECK(ascii("2: 1 9\n1: 8") == R"(
o    2
|\
| ~
o  1
~
)");
}

TEST_CASE("Histories that have nothing in common are kept apart") {
  CHECK(ascii("4: 3\n3:\n2: 1\n1:") == R"(
o  4
o  3

o  2
o  1
)");
}

TEST_CASE("A lane moves to the left where lanes have ended") {
  CHECK(ascii("5:\n4: 3\n3: 2\n2:") == R"(
o  5

o  4
o  3
o  2
)");
  CHECK(ascii("6: 5\n4: 3\n5:\n3: 2\n2: 1\n1:") == R"(
o  6
| o  4
o |  5
  o  3
 /
o  2
o  1
)");
}

TEST_CASE("A parent that is named twice, or above its child, or the node itself, draws no false line") {
  CHECK(ascii("2: 1 1\n1:") == R"(
o  2
o  1
)");
  CHECK(ascii("1: 1\n2: 1") == R"(
o  1
~

o  2
~
)");
}

TEST_CASE("Further lines of text stand beside the lines of the graph") {
  auto rows = graph("4: 2 3\n3: 1\n2: 1\n1:");
  rows[0].lines = {"four", "merges", "two and three"};
  rows[1].lines = {"three", "", "after an empty line"};
  rows[3].lines = {"one", "last"};
  CHECK("\n" + draw_graph(rows, {}) == R"(
o    four
|\   merges
| |  two and three
| o  three
| |
| |  after an empty line
o |  2
|/
o  one
   last
)");
}

TEST_CASE("The text's columns are those that are drawn") {
  const auto rows = graph("4: 2 3\n3: 1\n2: 1\n1:");
  CHECK(graph_text_columns(rows) == std::vector<std::size_t>{5, 5, 5, 3});
}

TEST_CASE("Nothing is drawn of nothing") { CHECK(draw_graph({}, {}).empty()); }

namespace {

/// A random history: how many parents, how far back, and how many heads differ from seed to seed.
std::vector<GraphRow> random_graph(std::mt19937& random) {
  const auto pick = [&](std::uint32_t from, std::uint32_t to) {
    return std::uniform_int_distribution<std::uint32_t>(from, to)(random);
  };
  const auto size = pick(1, 40);
  const auto reach = pick(1, 20);
  const auto most_parents = pick(1, 5);
  const auto missing_in_percent = pick(0, 1) == 0 ? 0 : pick(0, 30);
  const auto base_in_percent = pick(0, 15);
  std::vector<GraphRow> rows;
  for (std::uint32_t node = 0; node < size; ++node) {
    GraphRow row;
    row.node = node;
    row.glyph = "o";
    const auto parents = pick(0, 99) < base_in_percent ? 0 : pick(1, most_parents);
    for (std::uint32_t i = 0; i < parents; ++i) {
      if (pick(0, 99) < missing_in_percent)
        row.parents.push_back(1000 + pick(0, 5));
      else if (node + 1 < size)
        row.parents.push_back(pick(node + 1, std::min(size - 1, node + reach)));
    }
    row.lines.push_back(fmt::format("<n{}>", node));
    for (auto lines = pick(0, 3); lines > 2; --lines) row.lines.push_back("<more>");
    rows.push_back(std::move(row));
  }
  return rows;
}

void check_that_it_can_be_read(const std::vector<GraphRow>& rows, const Style& style) {
  const auto picture = draw_graph(rows, style);
  INFO(picture);
  const auto traced = test::trace_graph(picture);
  std::set<std::uint32_t> nodes;
  for (const auto& row : rows) nodes.insert(row.node);
  REQUIRE(traced.parents.size() <= rows.size());
  for (const auto& row : rows) {
    INFO("node " << row.node);
    std::set<std::uint32_t> parents;
    std::set<std::uint32_t> missing;
    for (const auto parent : row.parents) (nodes.count(parent) == 1 ? parents : missing).insert(parent);
    const auto seen = traced.parents.find(row.node);
    REQUIRE(seen != traced.parents.end());
    REQUIRE(seen->second == parents);
    const auto ends = traced.missing.find(row.node);
    REQUIRE((ends == traced.missing.end() ? 0 : ends->second) == missing.size());
  }
}

}  // namespace

TEST_CASE("Whoever follows the lines of any drawing finds exactly the parents") {
  std::mt19937 random(20261121);
  Style with_unicode;
  with_unicode.unicode = true;
  for (int i = 0; i < 5000; ++i) {
    INFO("graph " << i);
    const auto rows = random_graph(random);
    check_that_it_can_be_read(rows, {});
    check_that_it_can_be_read(rows, with_unicode);
  }
}

TEST_CASE("The tracer notices a wrong picture") {
  CHECK_THROWS(test::trace_graph("o  <n1>\n  |\no  <n2>\n"));
  CHECK_THROWS(test::trace_graph("o  <n1>\n|\n"));
  CHECK(test::trace_graph("o  <n1>\no  <n2>\n").parents.at(1) == std::set<std::uint32_t>{2});
  CHECK(test::trace_graph("o  <n1>\n\no  <n2>\n").parents.at(1).empty());
  // A bar that is interrupted no longer reaches the lane on its right.
  CHECK_THROWS(test::trace_graph("o  <n1>\n+- -.\n| o |  <n2>\n"));
}

TEST_CASE("A linear history of 10,000 revisions is drawn in milliseconds") {
  std::vector<GraphRow> rows;
  for (std::uint32_t node = 10000; node > 0; --node) {
    rows.push_back({node, node > 1 ? std::vector{node - 1} : std::vector<std::uint32_t>{}, "o", {"a message"}});
  }
  const auto start = std::chrono::steady_clock::now();
  const auto picture = draw_graph(rows, {});
  const auto elapsed = std::chrono::steady_clock::now() - start;
  CHECK(std::count(picture.begin(), picture.end(), '\n') == 10000);
  // Generous: this also runs under sanitizers, without optimization, on a busy machine.
  CHECK(elapsed < std::chrono::milliseconds(500));
}
