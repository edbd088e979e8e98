#include <migrate/ops/edit.hpp>

#include <fmt/format.h>

#include <migrate/ops/connection.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/target.hpp>

namespace migrate::ops {
namespace {

Result<Standing> standing_for(const Context& context, const History& files, const revision::Target& target) {
  if (target.symbol != "current" && target.branch != "current") return lay_over(files, {});
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context));
  MIGRATE_TRY_ASSIGN(auto journal, read_journal(context, connection));
  return lay_over(files, std::move(journal));
}

}  // namespace

Result<std::vector<std::string>> paths_to_edit(const Context& context, const std::string& text) {
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(text));
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const Standing standing, standing_for(context, files, target));
  MIGRATE_TRY_ASSIGN(const auto nodes, revision::resolve(standing.history.graph(), standing.applied, target));

  std::vector<std::string> paths;
  for (const auto node : nodes) {
    const auto* file = standing.history.file(node);
    if (!file) continue;
    paths.push_back(file->path);
    if (standing.applied[node.value]) {
      context.observer.warning(warning("editing-applied-revision",
                                       fmt::format("revision {} is applied: a change of its upgrade section is drift",
                                                   standing.history.graph()[node].id.str()))
                                   .in_file(file->path));
    }
  }
  if (paths.empty()) return fail(error("no-revision-file", fmt::format("`{}` names no revision file", text)));
  return paths;
}

}  // namespace migrate::ops
