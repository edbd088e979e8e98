#include "ops/lint/choose.hpp"

#include <filesystem>

#include <fmt/format.h>

#include <migrate/revision/target.hpp>

#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

constexpr const char* ask_one =
    "name a revision or a range of them; what a database has not yet: migrate lint --database";

fs::path whole(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(path), ignored);
}

bool looks_like_path(const std::string& word) {
  return word.ends_with(".sql") || word.find('/') != std::string::npos || word == "." || word == "..";
}

bool is_below(const fs::path& path, const fs::path& place) {
  const auto relative = path.lexically_relative(place);
  return !relative.empty() && *relative.begin() != "..";
}

Result<void> choose_files(const History& history, const std::string& word, revision::Graph::Set& chosen) {
  const fs::path place = whole(word);
  bool any = false;
  for (std::uint32_t i = 0; i < history.graph().size(); ++i) {
    const auto* file = history.file({i});
    if (file == nullptr || !is_below(whole(file->path), place)) continue;
    chosen[i] = any = true;
  }
  std::error_code ignored;
  if (any) return {};
  if (!fs::exists(place, ignored)) return fail(error("no-such-file", fmt::format("there is no file `{}`", word)));
  return fail(error("no-such-file", fmt::format("`{}` is no revision of this project", word))
                  .help("revisions are below the migrations folders: see `migrate config migrations.directory`"));
}

Result<std::vector<revision::NodeIndex>> resolve_word(const History& history, const revision::Graph::Set* applied,
                                                      const std::string& word) {
  const auto& graph = history.graph();
  if (word.find(':') != std::string::npos) {
    MIGRATE_TRY_ASSIGN(const auto range, revision::parse_target_range(word));
    return applied ? revision::resolve_range(graph, *applied, range) : resolve_in_files(graph, range, ask_one);
  }
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(word));
  return applied ? revision::resolve(graph, *applied, target) : resolve_in_files(graph, target, ask_one);
}

}  // namespace

Result<revision::Graph::Set> choose_revisions(const History& history, const revision::Graph::Set* applied,
                                              const std::vector<std::string>& words) {
  const auto& graph = history.graph();
  revision::Graph::Set chosen(graph.size());
  for (const auto& word : words) {
    if (looks_like_path(word)) {
      MIGRATE_TRY(choose_files(history, word, chosen));
      continue;
    }
    const auto nodes = resolve_word(history, applied, word);
    std::error_code ignored;
    if (!nodes && fs::exists(word, ignored)) {
      MIGRATE_TRY(choose_files(history, word, chosen));
      continue;
    }
    if (!nodes) return fail(nodes.error());
    for (const auto node : *nodes) chosen[node.value] = true;
  }
  return chosen;
}

}  // namespace migrate::ops
