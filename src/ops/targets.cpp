#include "ops/targets.hpp"

#include <fmt/format.h>

namespace migrate::ops {
namespace {

bool is_current(const revision::Target& target) { return target.symbol == "current"; }

}  // namespace

bool needs_database(const revision::Target& target) {
  return is_current(target) || (target.relative && target.symbol.empty());
}

bool needs_database(const revision::TargetRange& range) {
  return (range.from && is_current(*range.from)) || (range.to && is_current(*range.to));
}

Result<void> refuse_without_database(const revision::Target& target, const std::string& help) {
  if (!needs_database(target)) return {};
  return fail(
      error("needs-database", fmt::format("only a database can say what `{}` is, and none is asked", target.text))
          .help(help));
}

Result<std::vector<revision::NodeIndex>> resolve_in_files(const revision::Graph& graph, const revision::Target& target,
                                                          const std::string& help) {
  MIGRATE_TRY(refuse_without_database(target, help));
  return revision::resolve(graph, revision::Graph::Set(graph.size()), target);
}

Result<std::vector<revision::NodeIndex>> resolve_in_files(const revision::Graph& graph,
                                                          const revision::TargetRange& range, const std::string& help) {
  for (const auto& end : {range.from, range.to}) {
    if (end && is_current(*end)) MIGRATE_TRY(refuse_without_database(*end, help));
  }
  return revision::resolve_range(graph, revision::Graph::Set(graph.size()), range);
}

}  // namespace migrate::ops
