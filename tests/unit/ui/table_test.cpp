#include "ui/table.hpp"

#include "support/catch.hpp"

using namespace migrate::ui;

namespace {

TableRow row(std::vector<std::string> texts, std::size_t taken = 0) {
  TableRow result;
  for (auto& text : texts) result.cells.push_back({std::move(text), Role::plain});
  result.taken = taken;
  return result;
}

Style live(std::size_t width) {
  Style style;
  style.live = true;
  style.width = width;
  return style;
}

}  // namespace

TEST_CASE("Columns stand below each other by what a terminal shows, without blanks at line ends") {
  const std::vector<TableRow> rows{row({"3f2a91c", "create table", "3"}), row({"c7", "日本語", "12"}), row({"x", "y"})};
  TableLayout layout;
  layout.columns = {{}, {}, {.right = true}};
  layout.indent = 2;
  CHECK("\n" + render_table(rows, layout, {}) == R"(
  3f2a91c  create table   3
  c7       日本語        12
  x        y
)");
}

TEST_CASE("A column that is empty in every row takes no place") {
  CHECK(render_table(std::vector{row({"a", "", "c"}), row({"b", "", "d"})}, {}, {}) == "a  c\nb  d\n");
  CHECK(render_table(std::vector{row({"a", "b"}), row({"", ""}), row({"", "d"})}, {}, {}) == "a  b\n\n   d\n");
}

TEST_CASE("Rows that begin behind a graph end in the same columns") {
  const std::vector<TableRow> rows{row({"first", "x"}, 5), row({"second", "y"}, 3)};
  CHECK(align_rows(rows, {}, {}) == std::vector<std::string>{"first  x", "second   y"});
}

TEST_CASE("On a narrow terminal the widest column that may shrink is cut") {
  const std::vector<TableRow> rows{row({"3f2a91c", "create the invoice table and its indexes", "3 statements"})};
  TableLayout layout;
  layout.columns = {{}, {.shrinks = true}, {}};
  CHECK(render_table(rows, layout, live(40)) == "3f2a91c  create the inv...  3 statements\n");
  CHECK(render_table(rows, layout, live(80)) == "3f2a91c  create the invoice table and its indexes  3 statements\n");
  CHECK(render_table(rows, layout, live(20)) == "3f2a91c  creat......\n");
}

TEST_CASE("In a pipe nothing is cut") {
  Style pipe;
  pipe.width = 20;
  TableLayout layout;
  layout.columns = {{.shrinks = true}};
  const std::string text(300, 'a');
  CHECK(render_table(std::vector{row({text, "b"})}, layout, pipe) == text + "  b\n");
}

TEST_CASE("Cells are painted without moving columns, and made harmless") {
  Style style;
  style.color = true;
  const std::vector<TableRow> rows{{{{"a1", Role::id}, {"x\x1b[2J\ny", Role::plain}}},
                                   {{{"b", Role::id}, {"z", Role::plain}}}};
  CHECK(render_table(rows, {}, style) == "\x1b[36ma1\x1b[0m  x\\x1b[2J y\n\x1b[36mb\x1b[0m   z\n");
}
