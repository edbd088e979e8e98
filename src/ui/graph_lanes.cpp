#include "ui/graph_lanes.hpp"

#include <algorithm>

namespace migrate::ui {

LaneAllocator::LaneAllocator(std::span<const GraphRow> rows) : rows_(rows) {
  row_of_node_.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) row_of_node_.emplace(rows[row].node, row);
}

std::optional<std::size_t> LaneAllocator::lane_of(std::uint32_t node) const {
  const auto found = std::find_if(lanes_.begin(), lanes_.end(), [&](const Lane& lane) {
    return lane.state == LaneState::passing && lane.target == node;
  });
  if (found == lanes_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - lanes_.begin());
}

bool LaneAllocator::is_below(std::uint32_t node, std::size_t row) const {
  const auto found = row_of_node_.find(node);
  return found != row_of_node_.end() && found->second > row;
}

bool LaneAllocator::is_free(std::size_t lane) const {
  return lane >= lanes_.size() || lanes_[lane].state == LaneState::empty;
}

std::size_t LaneAllocator::nearest_free(std::size_t lane) const {
  for (std::size_t distance = 1;; ++distance) {
    if (is_free(lane + distance)) return lane + distance;
    if (distance <= lane && is_free(lane - distance)) return lane - distance;
  }
}

void LaneAllocator::occupy(std::size_t lane, LaneState state, std::uint32_t target) {
  if (lane >= lanes_.size()) lanes_.resize(lane + 1);
  lanes_[lane] = {state, target};
}

std::vector<LaneState> LaneAllocator::states() const {
  std::vector<LaneState> states;
  states.reserve(lanes_.size());
  for (const auto& lane : lanes_) states.push_back(lane.state);
  while (!states.empty() && states.back() == LaneState::empty) states.pop_back();
  return states;
}

void LaneAllocator::place_node(std::uint32_t node, LaneRow& placed) {
  if (const auto waiting = lane_of(node)) {
    placed.lane = *waiting;
    lanes_[*waiting] = {};
    return;
  }
  while (!is_free(placed.lane)) ++placed.lane;
  occupy(placed.lane, LaneState::empty, node);
  placed.gap_before = std::find(ended_.begin(), ended_.end(), placed.lane) != ended_.end();
}

void LaneAllocator::move_to_the_left(LaneRow& placed) {
  auto lane = placed.lane;
  while (lane > 0 && is_free(lane - 1)) --lane;
  if (lane == placed.lane) return;
  lanes_[lane] = lanes_[placed.lane];
  lanes_[placed.lane] = {};
  placed.link = LaneLink{.source = placed.lane, .source_continues = false, .exits = {{lane, false}}};
}

void LaneAllocator::link_one(std::uint32_t parent, std::size_t row, LaneRow& placed) {
  const auto own = placed.lane;
  if (const auto existing = lane_of(parent)) {
    // Of two lanes to the same parent the left one stays, whichever came first: so pictures stay narrow.
    const auto source = std::max(own, *existing);
    const auto exit = std::min(own, *existing);
    lanes_[source] = {};
    occupy(exit, LaneState::passing, parent);
    placed.link = LaneLink{.source = source, .source_continues = false, .exits = {{exit, true}}};
    return;
  }
  if (!is_below(parent, row)) return occupy(own, LaneState::missing, parent);
  occupy(own, LaneState::passing, parent);
  move_to_the_left(placed);
}

void LaneAllocator::link_several(const std::vector<std::uint32_t>& parents, std::size_t row, LaneRow& placed) {
  LaneLink link{.source = placed.lane, .source_continues = false, .exits = {}};
  for (const auto parent : parents) {
    if (const auto existing = lane_of(parent)) {
      link.exits.push_back({*existing, true});
      continue;
    }
    const auto lane = link.source_continues ? nearest_free(placed.lane) : placed.lane;
    occupy(lane, is_below(parent, row) ? LaneState::passing : LaneState::missing, parent);
    if (link.source_continues) link.exits.push_back({lane, false});
    link.source_continues = true;
  }
  placed.link = std::move(link);
}

LaneRow LaneAllocator::place(std::size_t row) {
  const auto& [node, given_parents, glyph, lines] = rows_[row];
  std::vector<std::uint32_t> parents;
  for (const auto parent : given_parents) {
    if (std::find(parents.begin(), parents.end(), parent) == parents.end()) parents.push_back(parent);
  }

  LaneRow placed;
  place_node(node, placed);
  placed.above = states();
  if (parents.size() == 1) link_one(parents[0], row, placed);
  if (parents.size() > 1) link_several(parents, row, placed);
  placed.below = states();
  placed.lane_count = std::max({placed.above.size(), placed.below.size(), placed.lane + 1});

  ended_.clear();
  if (parents.empty()) ended_.push_back(placed.lane);
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (lanes_[lane].state != LaneState::missing) continue;
    ended_.push_back(lane);
    lanes_[lane] = {};
  }
  return placed;
}

}  // namespace migrate::ui
