/// \file
/// Which lane each edge of a DAG takes, row by row: what a graph drawing shows, before there are characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include <migrate/ui/graph_drawing.hpp>

namespace migrate::ui {

/// The way from one lane to others, between two rows.
struct LaneLink {
  struct Exit {
    std::size_t lane = 0;
    bool joins = false;  ///< a lane that comes from above; else the lane begins here
  };
  std::size_t source = 0;
  bool source_continues = false;
  std::vector<Exit> exits;  ///< other lanes than the source
};

enum class LaneState { empty, passing, missing };

/// One node, and what lies below it before the next one.
struct LaneRow {
  bool gap_before = false;       ///< the node would otherwise seem to hang on the end of another line
  std::vector<LaneState> above;  ///< lanes beside the node; the node's own is empty
  std::size_t lane = 0;          ///< of the node
  std::optional<LaneLink> link;
  std::vector<LaneState> below;  ///< after the link; lanes to missing parents end there
  std::size_t lane_count = 0;    ///< of the widest of its lines
};

/// Gives lanes to rows, one after the other.
class LaneAllocator {
 public:
  explicit LaneAllocator(std::span<const GraphRow> rows);
  /// Requires: the rows are given in order.
  LaneRow place(std::size_t row);

 private:
  struct Lane {
    LaneState state = LaneState::empty;
    std::uint32_t target = 0;
  };

  [[nodiscard]] std::optional<std::size_t> lane_of(std::uint32_t node) const;
  [[nodiscard]] bool is_below(std::uint32_t node, std::size_t row) const;
  [[nodiscard]] bool is_free(std::size_t lane) const;
  [[nodiscard]] std::size_t nearest_free(std::size_t lane) const;
  void occupy(std::size_t lane, LaneState state, std::uint32_t target);
  void place_node(std::uint32_t node, LaneRow& placed);
  void link_one(std::uint32_t parent, std::size_t row, LaneRow& placed);
  void link_several(const std::vector<std::uint32_t>& parents, std::size_t row, LaneRow& placed);
  void move_to_the_left(LaneRow& placed);
  [[nodiscard]] std::vector<LaneState> states() const;

  std::span<const GraphRow> rows_;
  std::unordered_map<std::uint32_t, std::size_t> row_of_node_;
  std::vector<Lane> lanes_;
  std::vector<std::size_t> ended_;  // lanes that end in the last line so far
};

}  // namespace migrate::ui
