/// \file
/// Where this program means something else than Alembic, on purpose: the table of docs/design/alembic-differences.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/revision/graph.hpp>
#include <migrate/revision/target.hpp>

#include "property/alembic.hpp"

namespace migrate::test {

/// Our answer to a query: an error's id, or revisions.
struct OurAnswer {
  std::string error;
  std::vector<revision::NodeIndex> nodes;
};

/// One question, both answers, and what they were asked about.
struct Case {
  const revision::Graph& graph;
  const revision::Graph::Set& applied;
  const Query& query;
  const OurAnswer& ours;
  const Answer& theirs;
};

/// The name of the difference that explains why the answers differ; none: they should not.
std::optional<std::string_view> deliberate_difference(const Case& example);

/// All names, to see that each was met.
std::vector<std::string_view> difference_names();

}  // namespace migrate::test
