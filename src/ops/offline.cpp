#include <migrate/ops/offline.hpp>

#include <fmt/format.h>

#include <migrate/revision/target.hpp>
#include <migrate/version.hpp>

#include "ops/decide.hpp"
#include "ops/gate.hpp"
#include "ops/one_transaction.hpp"
#include "ops/psql_script.hpp"
#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

/// Without a database nobody can say what its current schema is.
constexpr std::string_view fallback_schema = "public";

db::Journal offline_journal(const Context& context) {
  const std::string& configured = context.settings.version_table_schema.value;
  return db::Journal(
      configured.empty() ? std::string(fallback_schema) : configured,
      {.project = context.settings.project.value, .user = {}, .host = {}, .tool_version = std::string(version)});
}

constexpr const char* name_the_start = "name the revision that `migrate current` shows there";
constexpr const char* name_the_target = "name the revision that the database is to be stamped with";

/// Where a script ends may be counted from where it begins, and is nowhere else to be had from.
Result<void> check_end(const revision::TargetRange& range) {
  if (!range.to || (range.to->symbol.empty() && range.from)) return {};
  return refuse_without_database(*range.to, range.to->symbol.empty()
                                                ? fmt::format("say where it counts from: base:{}", range.to->text)
                                                : std::string(name_the_start));
}

/// A standing as if the database were just at `from`.
Result<Standing> assumed_standing(const History& files, const std::optional<revision::Target>& from) {
  MIGRATE_TRY_ASSIGN(Standing standing, lay_over(files, db::JournalContent{.exists = true}));
  if (!from) return standing;
  MIGRATE_TRY_ASSIGN(const auto starts, resolve_in_files(files.graph(), *from, name_the_start));
  standing.applied = files.graph().ancestors_of(starts, true);
  return standing;
}

std::vector<revision::RevisionId> ids_of(const History& history, const std::vector<revision::NodeIndex>& nodes) {
  std::vector<revision::RevisionId> ids;
  for (const auto node : nodes) ids.push_back(history.graph()[node].id);
  return ids;
}

Result<std::string> write_script(const Context& context, const std::string& title, const Standing& standing,
                                 const std::vector<PreparedStep>& steps, db::Direction direction,
                                 bool single_transaction) {
  if (single_transaction) MIGRATE_TRY(check_one_transaction(steps, "--single-transaction"));
  std::vector<revision::NodeIndex> nodes;
  for (const auto& step : steps) nodes.push_back(step.node);
  const auto touched = ids_of(standing.history, nodes);
  PsqlScript script(context, offline_journal(context));
  if (direction == db::Direction::up) {
    script.begin(title, {.present = ids_of(standing.history, standing.current()), .absent = touched});
  } else {
    script.begin(title, {.present = touched, .undoes_present = true});
  }
  if (single_transaction) script.begin_one_transaction();
  for (const auto& step : steps) MIGRATE_TRY(script.step(standing, step));
  if (single_transaction) script.end_one_transaction();
  return script.end();
}

}  // namespace

Result<std::string> upgrade_script(const Context& context, const std::string& text, const ScriptOptions& options) {
  revision::TargetRange range;
  if (text.find(':') == std::string::npos) {
    MIGRATE_TRY_ASSIGN(range.to, revision::parse_target(text));
  } else {
    MIGRATE_TRY_ASSIGN(range, revision::parse_target_range(text));
    if (!range.from) {
      MIGRATE_TRY_ASSIGN(range.from, revision::parse_target("base"));
    }
  }
  MIGRATE_TRY(check_end(range));
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const Standing standing, assumed_standing(files, range.from));
  if (!range.to) {
    MIGRATE_TRY_ASSIGN(range.to, revision::parse_target("heads"));
  }
  MIGRATE_TRY_ASSIGN(const auto steps, decide_upgrade(standing, *range.to));
  if (options.lint) MIGRATE_TRY(pass_gate(context, judge_script(context, standing, steps)));
  return write_script(context, fmt::format("Upgrade {}", text), standing, steps, db::Direction::up,
                      options.single_transaction);
}

Result<std::string> downgrade_script(const Context& context, const std::string& text, const ScriptOptions& options) {
  if (text.find(':') == std::string::npos) {
    return fail(error("range-required", "an offline downgrade needs a start: `FROM:TO`")
                    .help(fmt::format("for example: migrate downgrade --sql head:{}", text)));
  }
  MIGRATE_TRY_ASSIGN(auto range, revision::parse_target_range(text));
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  if (!range.from) {
    MIGRATE_TRY_ASSIGN(range.from, revision::parse_target("heads"));
  }
  if (!range.to) {
    MIGRATE_TRY_ASSIGN(range.to, revision::parse_target("base"));
  }
  MIGRATE_TRY(check_end(range));
  MIGRATE_TRY_ASSIGN(const Standing standing, assumed_standing(files, range.from));
  MIGRATE_TRY_ASSIGN(const auto plan, revision::plan_downgrade(files.graph(), standing.applied, *range.to));
  const auto no_stored = [](revision::NodeIndex) { return std::string(); };
  MIGRATE_TRY_ASSIGN(const auto steps, prepare_steps(standing, plan, db::Direction::down, no_stored));
  return write_script(context, fmt::format("Downgrade {}", text), standing, steps, db::Direction::down,
                      options.single_transaction);
}

Result<std::string> stamp_script(const Context& context, const std::vector<std::string>& texts, bool purge) {
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const Standing standing, assumed_standing(files, std::nullopt));
  std::vector<revision::Target> targets;
  for (const auto& text : texts) {
    MIGRATE_TRY_ASSIGN(auto target, revision::parse_target(text));
    MIGRATE_TRY(refuse_without_database(target, name_the_target));
    targets.push_back(std::move(target));
  }
  MIGRATE_TRY_ASSIGN(const auto wanted, revision::plan_stamp(files.graph(), standing.applied, targets));
  std::vector<db::JournalEntry> added;
  std::vector<revision::RevisionId> ids;
  for (std::uint32_t i = 0; i < files.graph().size(); ++i) {
    if (!wanted[i]) continue;
    MIGRATE_TRY_ASSIGN(auto entry, journal_entry(files, {i}));
    ids.push_back(entry.id);
    added.push_back(std::move(entry));
  }
  if (added.empty() && !purge) {
    return fail(error("needs-database", fmt::format("only a database can say what is above `{}`, and none is asked",
                                                    fmt::join(texts, "`, `")))
                    .help("to empty the journal whatever it holds: --purge"));
  }
  PsqlScript script(context, offline_journal(context));
  const std::string title = fmt::format("Stamp {}{}", purge ? "--purge " : "", fmt::join(texts, " "));
  if (purge) {
    script.begin(title, {.forgets_all = true});
  } else {
    script.begin(title, {.absent = ids});
  }
  script.add("BEGIN");
  script.add(script.journal().stamped_sql(added, {}, purge));
  script.add("COMMIT");
  return script.end();
}

}  // namespace migrate::ops
