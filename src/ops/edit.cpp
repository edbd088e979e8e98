#include <migrate/ops/edit.hpp>

#include <filesystem>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/target.hpp>

#include "ops/look.hpp"
#include "ops/revision_files.hpp"
#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

Result<Standing> standing_for(const Context& context, const History& files, const revision::Target& target) {
  if (!needs_database(target)) return lay_over(files, {});
  MIGRATE_TRY_ASSIGN(Look found, look(context, files));
  return std::move(found.standing);
}

constexpr std::size_t shortest_prefix = 4;

using Paths = std::vector<std::string>;

Paths with_path(const Paths& all, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  Paths found;
  for (const auto& path : all) {
    if (path == text || fs::path(path).filename() == text || fs::equivalent(path, text, ignored)) found.push_back(path);
  }
  return found;
}

Paths with_id(const Paths& all, const std::string& symbol, bool whole) {
  Paths found;
  for (const auto& path : all) {
    auto text = read_file(path);
    if (!text) continue;
    const auto id = revision::read_revision_id(make_source(path, *std::move(text)));
    if (whole ? id.str() == symbol : id.str().starts_with(symbol)) found.push_back(path);
  }
  return found;
}

/// Where the files make no graph, what they say of themselves is still there.
Result<Paths> among_broken(const Paths& all, const revision::Target& target, Failure broken) {
  const std::string& symbol = target.symbol;
  const bool names_one = !symbol.empty() && !revision::is_target_word(symbol) && !target.branch && !target.relative;
  if (names_one) {
    if (auto found = with_id(all, symbol, true); !found.empty()) return found;
    auto found = symbol.size() < shortest_prefix ? Paths{} : with_id(all, symbol, false);
    if (found.size() == 1) return found;
    if (found.size() > 1) {
      auto ambiguous = error("ambiguous-revision",
                             fmt::format("`{}` is the beginning of {}", symbol, plural(found.size(), "revision")));
      for (const auto& path : found) ambiguous = std::move(ambiguous).note("found", path);
      return fail(std::move(ambiguous).help("write more of the id, or the path"));
    }
  }
  auto& last = broken.diagnostics.back();
  last =
      std::move(last).help(fmt::format("`{}` can't be found among broken files: name the file to mend, "
                                       "migrate edit PATH",
                                       target.text));
  return fail(std::move(broken));
}

}  // namespace

Result<std::vector<std::string>> paths_to_edit(const Context& context, const std::string& text) {
  MIGRATE_TRY_ASSIGN(const Paths all, list_revision_files(context.settings));
  if (auto named = with_path(all, text); !named.empty()) return named;
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(text));
  auto files = History::load(context.settings);
  if (!files) return among_broken(all, target, std::move(files).error());
  MIGRATE_TRY_ASSIGN(const Standing standing, standing_for(context, *files, target));
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
