#include <migrate/ops/make_revision.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/target.hpp>

#include "ops/history_graph.hpp"
#include "ops/revision_sections.hpp"
#include "ops/revision_writer.hpp"
#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;
using revision::NodeIndex;

Result<std::vector<NodeIndex>> resolve_one(const History& history, const std::string& text) {
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(text));
  return resolve_in_files(history.graph(), target, "a new revision stands on files alone: name a revision");
}

Result<std::vector<NodeIndex>> find_parents(const History& history, const RevisionOptions& options) {
  std::vector<NodeIndex> parents;
  if (history.graph().empty() && options.heads.empty()) return parents;  // the first revision of all
  const std::vector<std::string> fallback{"head"};
  for (const auto& text : options.heads.empty() ? fallback : options.heads) {
    auto found = resolve_one(history, text);
    if (!found) {
      auto& told = found.error().diagnostics.front();
      if (options.heads.empty()) told = std::move(told).help("a new revision's parent is named with `--head REV`");
      return fail(std::move(found).error());
    }
    for (const auto node : *found) {
      if (std::find(parents.begin(), parents.end(), node) == parents.end()) parents.push_back(node);
    }
  }
  for (const auto node : parents) {
    if (options.splice || history.graph().is_head(node)) continue;
    const auto& id = history.graph()[node].id.str();
    auto refused = error("not-a-head", fmt::format("revision {} is not a head: it has children already", id));
    if (parents.size() > 1)
      return fail(std::move(refused).help("--splice merges it all the same; `heads` merges all heads"));
    return fail(
        std::move(refused).help("--splice makes a new branch there").help("leave out --head to go on from the head"));
  }
  return parents;
}

/// Ids and prefixes are written in full; labels stay labels, so that they move with their branch.
Result<std::vector<std::string>> full_dependencies(const History& history, const std::vector<std::string>& texts) {
  std::vector<std::string> result;
  for (const auto& text : texts) {
    if (history.graph().find_label(text)) {
      result.push_back(text);
      continue;
    }
    MIGRATE_TRY_ASSIGN(const auto found, resolve_one(history, text));
    for (const auto node : found) result.push_back(history.graph()[node].id.str());
  }
  return result;
}

Result<revision::RevisionId> choose_id(const Context& context, const History& history, const std::string& wanted) {
  if (wanted.empty()) {
    // Twelve hex digits collide rarely, yet a history may be long.
    revision::RevisionId id;
    do id = revision::make_revision_id(context.random());
    while (history.graph().find(id));
    return id;
  }
  if (!revision::RevisionId::is_valid(wanted)) {
    return fail(error("invalid-revision-id", fmt::format("`{}` cannot be a revision id", wanted))
                    .help("use letters, digits, `_` and `.` only"));
  }
  if (const auto taken = history.graph().find(revision::RevisionId(wanted))) {
    return fail(error("duplicate-id", fmt::format("revision {} exists already", wanted))
                    .in_file(history.summary(*taken).path)
                    .help("leave out --rev-id to have one made"));
  }
  return revision::RevisionId(wanted);
}

Result<void> check_labels(const History& history, const std::vector<std::string>& labels) {
  for (const auto& label : labels) {
    const auto taken = history.graph().find_label(label);
    if (!taken) continue;
    return fail(error("duplicate-label",
                      fmt::format("label `{}` is that of revision {}", label, history.graph()[*taken].id.str()))
                    .in_file(history.summary(*taken).path)
                    .help("labels are inherited: a new revision on that branch has it without saying so"));
  }
  return {};
}

/// Whether files in it are found from `folder`: hidden folders are not looked into.
bool is_read_from(const fs::path& wanted, const fs::path& folder) {
  const auto leads_down = [](const fs::path& from, const fs::path& to) {
    const auto way = to.lexically_relative(from);
    return !way.empty() && std::none_of(way.begin(), way.end(), [](const fs::path& part) {
      return part != "." && part.native().starts_with('.');
    });
  };
  const auto normal = [](const fs::path& path) {
    const auto result = fs::absolute(path).lexically_normal();
    return result.has_filename() ? result : result.parent_path();
  };
  if (leads_down(normal(folder), normal(wanted))) return true;
  // The same folder by another way, through a link.
  std::error_code ignored;
  return leads_down(fs::weakly_canonical(normal(folder), ignored), fs::weakly_canonical(normal(wanted), ignored));
}

Result<void> check_folder(const config::Settings& settings, const fs::path& wanted) {
  const auto& folders = settings.migrations.value;
  const auto reads_it = [&](const fs::path& folder) { return is_read_from(wanted, folder); };
  if (std::any_of(folders.begin(), folders.end(), reads_it)) return {};
  std::vector<std::string> names;
  for (const auto& folder : folders) names.push_back(fmt::format("`{}`", folder.string()));
  const std::string shown = wanted.string();
  const char* are = names.size() == 1 ? " is" : "s are";
  auto refused = error("not-a-migrations-folder",
                       fmt::format("`{}` is no migrations folder: a revision there would not be found", shown));
  return fail(
      std::move(refused)
          .help(fmt::format("the migrations folder{} {}", are, join_with_and(names)))
          .help(fmt::format("to have `{}` as well, add it to `[migrations] directory` in migrate.toml", shown)));
}

Result<fs::path> choose_folder(const config::Settings& settings, const History& history, const fs::path& wanted,
                               const std::vector<NodeIndex>& parents) {
  const auto& folders = settings.migrations.value;
  if (!wanted.empty()) {
    MIGRATE_TRY(check_folder(settings, wanted));
    return wanted;
  }
  if (folders.size() == 1) return folders.front();
  for (const auto node : parents) {
    const fs::path parent_path = fs::absolute(history.summary(node).path).lexically_normal();
    for (const auto& folder : folders) {
      const auto relative = parent_path.lexically_relative(fs::absolute(folder).lexically_normal());
      if (!relative.empty() && *relative.begin() != "..") return folder;
    }
  }
  return fail(error("several-folders", "there are several migrations folders").help("name one with --version-path"));
}

}  // namespace

Result<MadeRevision> make_revision(const Context& context, const RevisionOptions& options) {
  return make_revision(context, options, Sections{});
}

Result<MadeRevision> make_revision(const Context& context, const RevisionOptions& options, const Sections& sections) {
  if (trim(options.message).empty()) {
    return fail(
        error("missing-message", "a revision needs a message").help("migrate revision -m \"add users.status\""));
  }
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const auto parents, find_parents(history, options));
  MIGRATE_TRY(check_labels(history, options.branch_labels));

  revision::NewRevision revision;
  revision.message = std::string(trim(options.message));
  MIGRATE_TRY_ASSIGN(revision.id, choose_id(context, history, options.revision_id));
  MIGRATE_TRY_ASSIGN(revision.depends_on, full_dependencies(history, options.depends_on));
  for (const auto node : parents) revision.parents.push_back(history.graph()[node].id);
  revision.labels = options.branch_labels;
  revision.create_date = context.now();
  revision.transaction_none = options.transaction_none;
  revision.upgrade_sql = sections.upgrade_sql;
  revision.downgrade_sql = sections.downgrade_sql;

  MIGRATE_TRY_ASSIGN(const fs::path folder, choose_folder(context.settings, history, options.folder, parents));
  MIGRATE_TRY_ASSIGN(const fs::path path, path_of_new_revision(context.settings, folder, revision));
  MadeRevision made;
  made.revision = {
      .id = revision.id, .message = revision.message, .path = path.lexically_proximate(fs::current_path()).string()};
  made.parents = history.summaries(parents);
  made.text = revision::render_revision(revision);
  MIGRATE_TRY(check_new_file(history, make_source(made.revision.path, made.text)));
  if (!options.print_only) {
    MIGRATE_TRY(write_new_file(path, made.text));
    made.written = true;
  }
  return made;
}

Result<MadeRevision> merge(const Context& context, const std::vector<std::string>& revisions, RevisionOptions options) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  std::vector<NodeIndex> nodes;
  for (const auto& text : revisions) {
    MIGRATE_TRY_ASSIGN(const auto found, resolve_one(history, text));
    for (const auto node : found) {
      if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
    }
  }
  if (nodes.size() < 2) {
    return fail(error("nothing-to-merge", nodes.empty() ? "there is no revision to merge"
                                                        : fmt::format("only one revision to merge: {}",
                                                                      history.graph()[nodes.front()].id.str()))
                    .help("name two revisions, or `heads` where there are several: see `migrate heads`"));
  }
  options.heads.clear();
  std::vector<std::string> ids;
  for (const auto node : nodes) ids.push_back(history.graph()[node].id.str());
  options.heads = ids;
  if (trim(options.message).empty()) options.message = "merge " + join_with_and(ids);
  return make_revision(context, options);
}

}  // namespace migrate::ops
