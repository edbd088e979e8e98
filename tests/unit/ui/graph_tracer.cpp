#include "unit/ui/graph_tracer.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::test {
namespace {

/// One character of a picture, by the sides that a line leaves it.
struct Character {
  bool up = false, down = false, left = false, right = false;
  char kind = ' ';  // 'o', '~', '/', '\\', or ' ' for all others
};

Character read_character(std::string_view text) {
  struct Meaning {
    std::string_view text;
    Character character;
  };
  static const Meaning meanings[] = {
      {" ", {}},
      {"o", {true, true, false, false, 'o'}},
      {"~", {true, false, false, false, '~'}},
      {"|", {true, true}},
      {"-", {false, false, true, true}},
      {"/", {false, false, false, false, '/'}},
      {"\\", {false, false, false, false, '\\'}},
      {"│", {true, true}},
      {"─", {false, false, true, true}},
      {"├", {true, true, false, true}},
      {"┤", {true, true, true, false}},
      {"┼", {true, true, true, true}},
      {"┬", {false, true, true, true}},
      {"┴", {true, false, true, true}},
      {"╮", {false, true, true, false}},
      {"╯", {true, false, true, false}},
      {"╭", {false, true, false, true}},
      {"╰", {true, false, false, true}},
      // An ASCII corner turns to whatever is beside it.
      {"+", {true, true, true, true}},
      {"'", {true, false, true, true}},
      {".", {false, true, true, true}},
  };
  const auto found = std::find_if(std::begin(meanings), std::end(meanings),
                                  [&](const Meaning& meaning) { return meaning.text == text; });
  if (found == std::end(meanings)) throw std::runtime_error(fmt::format("a character that means nothing: {}", text));
  return found->character;
}

struct Line {
  std::vector<Character> cells;
  std::optional<std::uint32_t> node;
};

Line read_line(std::string_view line) {
  Line result;
  const auto text = line.find('<');
  if (text != std::string_view::npos && line.substr(text).starts_with("<n"))
    result.node = static_cast<std::uint32_t>(std::stoul(std::string(line.substr(text + 2))));
  const auto picture = line.substr(0, text);
  for (std::size_t at = 0; at < picture.size();) {
    const auto size = static_cast<unsigned char>(picture[at]) < 0x80 ? 1U : 3U;
    result.cells.push_back(read_character(picture.substr(at, size)));
    at += size;
  }
  return result;
}

/// The nodes whose lines come down into a cell from above.
using Flow = std::set<std::uint32_t>;

class Tracer {
 public:
  TracedGraph trace(std::string_view picture) {
    for (const auto text : split(picture, '\n')) follow(read_line(text));
    follow({});
    return std::move(graph_);
  }

 private:
  void follow(Line line) {
    line_ = std::move(line);
    const auto columns = std::max(line_.cells.size(), flows_.size()) + 1;
    flows_.resize(columns);
    next_.assign(columns, {});
    taken_.clear();
    std::optional<std::size_t> node_column;
    for (std::size_t column = 0; column < line_.cells.size(); ++column) {
      if (line_.cells[column].kind == 'o') node_column = column;
      follow_downwards(column);
    }
    follow_bars();
    for (std::size_t column = 0; column < columns; ++column) {
      // A node without parents is the one thing that nothing needs to leave.
      if (!flows_[column].empty() && taken_.count(column) == 0 && column != node_above_)
        throw std::runtime_error("a line leads to nowhere");
    }
    flows_ = next_;
    node_above_ = node_column;
  }

  /// What comes into `column` from above.
  const Flow& take(std::size_t column) {
    if (flows_.at(column).empty()) throw std::runtime_error("a line comes from nowhere");
    taken_.insert(column);
    return flows_[column];
  }

  void give(std::size_t column, const Flow& flow) { next_.at(column).insert(flow.begin(), flow.end()); }

  void follow_downwards(std::size_t column) {
    const auto& cell = line_.cells[column];
    switch (cell.kind) {
      case '/': give(column - 1, take(column + 1)); break;
      case '\\': give(column + 1, take(column - 1)); break;
      case '~':
        for (const auto child : take(column)) ++graph_.missing[child];
        break;
      case 'o': meet_node(column); break;
      default:
        if (cell.up && cell.down) give(column, take(column));
    }
  }

  void meet_node(std::size_t column) {
    if (!line_.node || !graph_.parents.try_emplace(*line_.node).second)
      throw std::runtime_error("a node without a number of its own");
    taken_.insert(column);
    for (const auto child : flows_[column]) graph_.parents[child].insert(*line_.node);
    give(column, {*line_.node});
  }

  /// Lines between cells beside each other, and over a "|" that has one on either side.
  [[nodiscard]] bool connected(std::size_t left) const {
    const auto& cells = line_.cells;
    if (left + 1 >= cells.size()) return false;
    return (cells[left].right || crossed(left)) && (cells[left + 1].left || crossed(left + 1));
  }

  [[nodiscard]] bool crossed(std::size_t column) const {
    const auto& cells = line_.cells;
    const bool only_vertical = cells[column].up && !cells[column].left && !cells[column].right;
    return only_vertical && cells[column].kind == ' ' && column > 0 && column + 1 < cells.size() &&
           cells[column - 1].right && cells[column + 1].left;
  }

  void follow_bars() {
    for (std::size_t begin = 0; begin < line_.cells.size(); ++begin) {
      auto end = begin;
      while (connected(end)) ++end;
      if (end > begin) follow_bar(begin, end);
      begin = end;
    }
  }

  /// A bar comes from its corner that only goes up or, where it has none, from the node above it. It leads to
  /// all that go down.
  void follow_bar(std::size_t begin, std::size_t end) {
    auto source = node_above_;
    for (auto column = begin; column <= end; ++column) {
      if (line_.cells[column].up && !line_.cells[column].down) source = column;
    }
    if (!source || *source < begin || *source > end) throw std::runtime_error("a bar that comes from nowhere");
    const auto flow = take(*source);
    for (auto column = begin; column <= end; ++column) {
      const auto& cell = line_.cells[column];
      if (cell.down && (cell.left || cell.right) && column != *source) give(column, flow);
    }
  }

  TracedGraph graph_;
  Line line_;
  std::vector<Flow> flows_, next_;
  std::set<std::size_t> taken_;
  std::optional<std::size_t> node_above_;  // its column
};

}  // namespace

TracedGraph trace_graph(std::string_view picture) { return Tracer().trace(picture); }

}  // namespace migrate::test
