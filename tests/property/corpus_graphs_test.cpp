// Revision graphs of public projects.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include <migrate/revision/target.hpp>

#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::revision;

namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

/// None where the corpora are not there: said as a skip.
std::optional<Json> read_corpus(const std::string& name) {
  const auto path = std::filesystem::path(MIGRATE_SOURCE_DIR "/../shared/corpora/graphs") / (name + ".json");
  if (!std::filesystem::exists(path)) {
    WARN("SKIPPED: there is no " << path.string());
    return std::nullopt;
  }
  return Json::parse(std::ifstream(path));
}

Graph graph_of(const Json& corpus) {
  std::vector<NodeInput> inputs;
  for (const auto& node : corpus.at("nodes")) {
    NodeInput input;
    input.id = RevisionId(node.at("revision").get<std::string>());
    for (const auto& parent : node.at("down_revision")) input.parents.emplace_back(parent.get<std::string>());
    input.depends_on = node.at("depends_on").get<Names>();
    input.labels = node.at("branch_labels").get<Names>();
    input.origin = inputs.size();
    inputs.push_back(std::move(input));
  }
  auto graph = Graph::build(std::move(inputs));
  REQUIRE(graph);
  return *std::move(graph);
}

template <class Is>
std::size_t count_if(const Graph& graph, Is is) {
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    if (is(NodeIndex{i})) ++count;
  }
  return count;
}

void check_stats(const Graph& graph, const Json& stats) {
  CHECK(graph.size() == stats.at("revisions"));
  CHECK(graph.bases().size() == stats.at("roots"));
  CHECK(graph.heads().size() == stats.at("heads"));
  CHECK(count_if(graph, [&](NodeIndex i) { return graph.is_merge_point(i); }) == stats.at("merges"));
  CHECK(count_if(graph, [&](NodeIndex i) { return graph.is_branch_point(i); }) == stats.at("branchpoints"));
}

std::string only_id(const Graph& graph, std::string_view target) {
  const auto nodes = resolve(graph, Graph::Set(graph.size()), *parse_target(target));
  REQUIRE(nodes);
  REQUIRE(nodes->size() == 1);
  return graph[nodes->front()].id.str();
}

}  // namespace

TEST_CASE("the histories of public projects load as they are") {
  for (const std::string name : {"neutron", "redash"}) {
    INFO(name);
    if (const auto corpus = read_corpus(name)) {
      const auto graph = graph_of(*corpus);
      check_stats(graph, corpus->at("stats"));
      const auto nothing = Graph::Set(graph.size());
      const auto up = plan_upgrade(graph, nothing, *parse_target("heads"));
      REQUIRE(up);
      CHECK(up->steps.size() == graph.size());
      const auto down = plan_downgrade(graph, Graph::Set(graph.size(), true), *parse_target("base"));
      REQUIRE(down);
      CHECK(down->steps == std::vector<NodeIndex>(up->steps.rbegin(), up->steps.rend()));
    }
  }
}

TEST_CASE("two branches of a public project are named by their labels") {
  const auto corpus = read_corpus("neutron");
  if (!corpus) return;
  const auto graph = graph_of(*corpus);
  CHECK(only_id(graph, "expand@head") != only_id(graph, "contract@head"));
  CHECK_FALSE(resolve(graph, Graph::Set(graph.size()), *parse_target("head")));

  // Each branch pulls in what it needs of the other, and no more.
  const auto up_to = [&](const Graph::Set& applied, std::string_view target) {
    const auto plan = plan_upgrade(graph, applied, *parse_target(target));
    REQUIRE(plan);
    return plan->steps;
  };
  const auto is_on = [&](const std::string& label) {
    return [&, label](NodeIndex node) {
      const auto& branches = graph[node].branches;
      return std::find(branches.begin(), branches.end(), label) != branches.end();
    };
  };
  const auto contract = up_to(Graph::Set(graph.size()), "contract@head");
  CHECK(std::any_of(contract.begin(), contract.end(), is_on("expand")));
  CHECK(contract.size() < graph.size());
  Graph::Set applied(graph.size());
  for (const auto node : contract) applied[node.value] = true;
  const auto rest = up_to(applied, "expand@head");
  CHECK(std::none_of(rest.begin(), rest.end(), is_on("contract")));
  CHECK(contract.size() + rest.size() == graph.size());
}
