// A target or range of any bytes, tried on a small graph in several states.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <migrate/base/text.hpp>
#include <migrate/revision/target.hpp>

namespace {

using namespace migrate;
using namespace migrate::revision;

void require(bool condition) {
  if (!condition) std::abort();
}

NodeInput node(std::string id, std::vector<RevisionId> parents, std::vector<std::string> labels = {},
               std::vector<std::string> depends_on = {}) {
  NodeInput input;
  input.id = RevisionId(std::move(id));
  input.parents = std::move(parents);
  input.labels = std::move(labels);
  input.depends_on = std::move(depends_on);
  return input;
}

Graph small_graph() {
  const auto id = [](const char* text) { return RevisionId(text); };
  auto graph =
      Graph::build({node("aaaa1", {}), node("aaaa2", {id("aaaa1")}), node("bbbb1", {id("aaaa2")}, {"left"}),
                    node("cccc1", {id("aaaa2")}, {"right"}, {"xxxx1"}), node("mmmm1", {id("bbbb1"), id("cccc1")}),
                    node("dddd1", {id("cccc1")}), node("xxxx1", {}, {"other"}), node("xxxx2", {id("xxxx1")})});
  require(graph.has_value());
  return *std::move(graph);
}

void check_failure(const Failure& failure) {
  require(failure.diagnostics.size() == 1);
  require(!failure.diagnostics.front().message.empty() && !failure.diagnostics.front().helps.empty());
}

void try_target(const Graph& graph, const Graph::Set& applied, const Target& target) {
  if (const auto nodes = resolve(graph, applied, target); !nodes) check_failure(nodes.error());
  if (const auto plan = plan_upgrade(graph, applied, target)) {
    for (const auto step : plan->steps) require(!applied[step.value]);
  } else {
    check_failure(plan.error());
  }
  if (const auto plan = plan_downgrade(graph, applied, target)) {
    for (const auto step : plan->steps) require(applied[step.value]);
  } else {
    check_failure(plan.error());
  }
  if (const auto set = plan_stamp(graph, applied, {&target, 1}); !set) check_failure(set.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Graph graph = small_graph();
  static const std::vector<Graph::Set> states = {Graph::Set(graph.size()), Graph::Set(graph.size(), true),
                                                 graph.ancestors_of({graph.heads().data(), 1}, true)};
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto target = parse_target(text);
  const auto range = parse_target_range(text);
  if (!target) check_failure(target.error());
  if (!range) check_failure(range.error());
  if (target) require(target->text == text);
  for (const auto& applied : states) {
    if (target) try_target(graph, applied, *target);
    if (!range) continue;
    if (const auto nodes = resolve_range(graph, applied, *range); !nodes) check_failure(nodes.error());
  }
  return 0;
}
