/// \file
/// Alembic's own answers about a graph.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <migrate/revision/graph.hpp>

namespace migrate::test {

struct Query {
  std::string verb;               ///< upgrade, downgrade, resolve, range, stamp
  std::vector<std::string> rows;  ///< what alembic_version holds
  std::string target;
};

struct Answer {
  std::string error;                             ///< empty: it had none
  std::vector<std::string> steps, nodes;         ///< as the verb has them
  std::optional<std::vector<std::string>> rows;  ///< none: Alembic lost its way in its own table
};

struct Task {
  std::vector<revision::NodeInput> nodes;
  std::vector<Query> queries;
};

struct Answers {
  std::vector<std::string> heads, effective_heads, bases, branch_points, merge_points;  ///< sorted
  std::map<std::string, std::vector<std::string>> branches;
  std::vector<Answer> answers;
};

/// None where there is no Alembic: the reason is printed.
std::optional<std::vector<Answers>> ask_alembic(const std::vector<Task>& tasks);

}  // namespace migrate::test
