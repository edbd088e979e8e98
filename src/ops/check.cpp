#include <migrate/ops/check.hpp>

#include <filesystem>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ops/revision_line.hpp>
#include <migrate/revision/file_name.hpp>

#include "ops/guards.hpp"
#include "ops/lint/judge_settings.hpp"
#include "ops/look.hpp"
#include "ops/prepared_step.hpp"
#include "ops/revision_files.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

std::string named(const History& history, revision::NodeIndex node) {
  const auto summary = history.summary(node);
  return summary.message.empty() ? summary.id.str() : fmt::format("{} {}", summary.id.str(), summary.message);
}

/// One note per revision; a long list ends in its length.
Diagnostic list(Diagnostic finding, const History& history, std::span<const revision::NodeIndex> nodes) {
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < nodes.size() && i < most; ++i) {
    finding = std::move(finding).note("revision", named(history, nodes[i]));
  }
  if (nodes.size() > most) finding = std::move(finding).note(fmt::format("and {} more", nodes.size() - most));
  return finding;
}

void check_heads(const History& history, Diagnostics& findings) {
  const auto heads = unnamed_heads(history.graph());
  if (heads.size() < 2) return;
  auto finding =
      error("several-heads", fmt::format("the history has {} heads, and no labels that tell them apart", heads.size()));
  findings.push_back(list(std::move(finding), history, heads)
                         .help("join them: migrate merge heads -m \"...\"")
                         .help("or, where branches are meant to stay apart, give them a `Branch Labels:` each"));
}

/// A migrations folder and the files in it, as paths below it: a template speaks of nothing else.
struct Folder {
  fs::path path;
  std::vector<std::string> names;
  std::vector<const revision::RevisionFile*> files;
};

std::vector<Folder> folders_of(const config::Settings& settings, const History& history) {
  std::vector<Folder> folders;
  for (const auto& path : settings.migrations.value) folders.push_back({fs::absolute(path).lexically_normal(), {}, {}});
  const fs::path here = fs::current_path();
  for (const auto& file : history.files()) {
    const fs::path path = here / file.path;
    for (auto& folder : folders) {
      const fs::path relative = path.lexically_relative(folder.path);
      if (relative.empty() || *relative.begin() == "..") continue;
      folder.names.push_back(relative.generic_string());
      folder.files.push_back(&file);
      break;
    }
  }
  return folders;
}

// Imported files keep the names that they had: the baseline is behind them.
Result<void> check_names(const config::Settings& settings, const History& history, Diagnostics& findings) {
  const auto& graph = history.graph();
  MIGRATE_TRY_ASSIGN(const auto imported, before_baseline(settings, graph));
  MIGRATE_TRY_ASSIGN(const auto name_template, revision::FileNameTemplate::parse(settings.file_template.value));
  for (const auto& folder : folders_of(settings, history)) {
    for (std::size_t i = 0; i < folder.names.size(); ++i) {
      if (name_template.matches(folder.names[i])) continue;
      const auto& file = *folder.files[i];
      if (const auto node = graph.find(file.header.id.value); node && imported[node->value]) continue;
      auto finding = warning("file-name", fmt::format("`{}` is not named as the template `{}` would name it", file.path,
                                                      name_template.text()))
                         .in_file(file.path)
                         .note("the header is the truth, so a new name changes nothing else");
      if (const auto date = file.header.create_date) {
        const auto name = name_template.render({file.header.id.value, file.header.message, *date}, folder.names);
        const fs::path root = fs::path(file.path.substr(0, file.path.size() - folder.names[i].size()));
        finding = std::move(finding).help(fmt::format("rename it: mv {} {}", file.path, (root / name).string()));
      }
      findings.push_back(std::move(finding).help("or set `[migrations] file_template` in migrate.toml"));
    }
  }
  return {};
}

/// What `upgrade` would refuse is said before it is tried. Applied revisions have passed that gate.
void check_statements(const Standing& standing, Diagnostics& findings) {
  for (const auto node : standing.pending()) {
    const auto step = prepare_step(standing, node, db::Direction::up);
    if (step) continue;
    findings.insert(findings.end(), step.error().diagnostics.begin(), step.error().diagnostics.end());
  }
}

void check_unfinished(const Standing& standing, Diagnostics& findings) {
  for (const auto node : standing.unfinished) {
    const auto* row = standing.row(node);
    const bool reverting = row->state == db::RevisionState::reverting;
    const auto& id = row->entry.id.str();
    findings.push_back(
        error("unfinished-revision",
              fmt::format("revision {} was left behind half {}", id, reverting ? "undone" : "applied"))
            .note("state", fmt::format("{} of {} statements have run", row->steps_done, row->steps_total))
            .help("finish it: migrate resume")
            .help(fmt::format("or see to it by hand, and say what is there: `migrate mark {0} applied`, "
                              "`migrate mark {0} pending`",
                              id)));
  }
}

/// Pending revisions that something applied stands on, and the others: an upgrade would run the first kind late.
void check_pending(const Standing& standing, const std::string& database, Diagnostics& findings) {
  const auto& graph = standing.history.graph();
  std::vector<revision::NodeIndex> applied;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    if (standing.applied[i]) applied.push_back({i});
  }
  const auto below = graph.ancestors_of(applied, true);
  std::vector<revision::NodeIndex> late, pending;
  for (const auto node : standing.pending()) {
    const auto* row = standing.row(node);
    if (row) continue;  // half applied: told already
    (below[node.value] ? late : pending).push_back(node);
  }
  if (!late.empty()) {
    findings.push_back(
        list(error("unapplied-ancestor",
                   fmt::format("{} below what `{}` has {} not applied", plural(late.size(), "revision"), database,
                               late.size() == 1 ? "is" : "are")),
             standing.history, late)
            .note("a file was put into the middle of the history, or a `Revises:` line changed")
            .help("run it now: migrate upgrade; or put it on top of the heads by changing its `Revises:` line"));
  }
  if (!pending.empty()) {
    findings.push_back(list(error("pending-revisions",
                                  fmt::format("{} not applied to `{}`", plural(pending.size(), "revision"), database)),
                            standing.history, pending)
                           .help("see what they would do: migrate plan"));
  }
}

void check_drift(const Standing& standing, Diagnostics& findings) {
  auto found = describe_drift(standing);
  std::move(found.begin(), found.end(), std::back_inserter(findings));
  for (const auto& drift : standing.drift) {
    if (drift.kind != Drift::Kind::cosmetic) continue;
    auto finding = warning("cosmetic-change",
                           fmt::format("the file of revision {} differs from what was applied in comments, white space "
                                       "or its downgrade only",
                                       standing.history.graph()[drift.node].id.str()));
    finding.severity = Severity::note;
    findings.push_back(std::move(finding).in_file(standing.history.file(drift.node)->path));
  }
}

}  // namespace

Result<CheckOutcome> check(const Context& context, bool ask_database) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  CheckOutcome outcome;
  outcome.revisions = history.files().size();
  MIGRATE_TRY_ASSIGN(outcome.findings, overlooked_files(context.settings));
  check_heads(history, outcome.findings);
  MIGRATE_TRY(check_names(context.settings, history, outcome.findings));
  if (!ask_database) {
    MIGRATE_TRY_ASSIGN(const Standing files_alone, lay_over(history, {}));
    check_statements(files_alone, outcome.findings);
    return outcome;
  }

  MIGRATE_TRY_ASSIGN(const Look found, look(context, history));
  const Standing& standing = found.standing;
  outcome.database = found.connection.session.info();
  const std::string& name = outcome.database->database;
  for (const auto& row : standing.journal.rows) outcome.applied += row.state == db::RevisionState::applied ? 1 : 0;
  check_statements(standing, outcome.findings);
  if (auto unmanaged = describe_unmanaged(name, standing.journal)) outcome.findings.push_back(*std::move(unmanaged));
  check_unfinished(standing, outcome.findings);
  check_drift(standing, outcome.findings);
  check_pending(standing, name, outcome.findings);
  return outcome;
}

}  // namespace migrate::ops
