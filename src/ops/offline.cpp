#include <migrate/ops/offline.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/db/script.hpp>
#include <migrate/revision/target.hpp>
#include <migrate/version.hpp>

#include "ops/decide.hpp"
#include "ops/gate.hpp"

namespace migrate::ops {
namespace {

/// Without a database nobody can say what its current schema is.
constexpr std::string_view fallback_schema = "public";

// What a guard asks, in this order. Checked on 14 to 18.
// {0}: the journal's table as text, {1}: the revisions as text, {2}: the schema as text.
constexpr std::string_view ask_journal = R"(  IF to_regclass({0}) IS NULL THEN
    RAISE EXCEPTION 'this script starts after revision(s) %, and there is no journal in schema `%`', {1}, {2};
  END IF;
)";
// {0}: the log, {1}: the project as text.
constexpr std::string_view ask_project =
    R"(  SELECT project INTO wrong FROM {0} WHERE project IS NOT NULL ORDER BY id DESC LIMIT 1;
  IF wrong <> {1} THEN RAISE EXCEPTION 'the journal of this database belongs to project `%`, not to `%`', wrong, {1}; END IF;
)";
// Of these and the following {0}: an array of revisions, {1}: the journal's table.
constexpr std::string_view ask_half_done = R"(  SELECT string_agg(id, ', ') INTO wrong FROM unnest({0}) AS id
   WHERE EXISTS (SELECT FROM {1} WHERE revision = id AND state <> 'applied');
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'revision(s) % are half done: run `migrate resume`', wrong; END IF;
)";
constexpr std::string_view ask_present = R"(  SELECT string_agg(id, ', ') INTO wrong FROM unnest({0}) AS id
   WHERE NOT EXISTS (SELECT FROM {1} WHERE revision = id);
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'this script starts after revision(s) %, which are not applied', wrong; END IF;
)";
constexpr std::string_view ask_absent = R"(  SELECT string_agg(id, ', ') INTO wrong FROM unnest({0}) AS id
   WHERE EXISTS (SELECT FROM {1} WHERE revision = id);
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'revision(s) % are applied already', wrong; END IF;
)";
constexpr std::string_view ask_above = R"(  SELECT string_agg(revision, ', ' ORDER BY revision) INTO wrong FROM {1}
   WHERE revision <> ALL ({0}) AND (parents && {0} OR depends_on && {0});
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'revision(s) % stand on what this script undoes', wrong; END IF;
)";

/// What has to be so where a script runs.
struct Conditions {
  std::vector<revision::RevisionId> present;  ///< applied
  std::vector<revision::RevisionId> absent;   ///< not applied, not in parts either
  bool undoes_present = false;
};

db::Journal offline_journal(const Context& context) {
  const std::string& configured = context.settings.version_table_schema.value;
  return db::Journal(
      configured.empty() ? std::string(fallback_schema) : configured,
      {.project = context.settings.project.value, .user = {}, .host = {}, .tool_version = std::string(version)});
}

/// A standing as if the database were just at `from`.
Result<Standing> assumed_standing(const History& files, const std::optional<revision::Target>& from) {
  MIGRATE_TRY_ASSIGN(Standing standing, lay_over(files, db::JournalContent{.exists = true}));
  if (!from) return standing;
  MIGRATE_TRY_ASSIGN(const auto starts, revision::resolve(files.graph(), standing.applied, *from));
  standing.applied = files.graph().ancestors_of(starts, true);
  return standing;
}

std::string id_list(const std::vector<revision::RevisionId>& ids) {
  std::vector<std::string> quoted;
  for (const auto& id : ids) quoted.push_back(quote_literal(id.str()));
  return fmt::format("ARRAY[{}]::text[]", fmt::join(quoted, ", "));
}

std::string id_text(const std::vector<revision::RevisionId>& ids) {
  std::vector<std::string> texts;
  for (const auto& id : ids) texts.push_back(id.str());
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// Writes the script piece by piece.
class Script {
 public:
  Script(const Context& context, db::Journal journal) : context_(context), journal_(std::move(journal)) {}

  /// Stops what runs the script before anything is written, unless all conditions hold.
  void begin(const std::string& title, const Conditions& conditions) {
    const auto key = db::MigrationLock::key(journal_.schema());
    text_ += fmt::format(
        "-- {}\n-- Made by migrate {}. Run it with: psql -X -f THIS_FILE\n\\set ON_ERROR_STOP on\nSET client_encoding "
        "TO 'UTF8';\n\n"
        "DO $migrate$ BEGIN\n  IF NOT pg_try_advisory_lock({}) THEN\n"
        "    RAISE EXCEPTION 'another migration is running on this database';\n  END IF;\nEND $migrate$;\n\n",
        title, version, key);
    // A journal that is made here is empty and ours: nothing after it refuses.
    const bool starts_from_nothing = conditions.present.empty() && !conditions.undoes_present;
    if (starts_from_nothing) make_journal();
    if (starts_from_nothing || !conditions.present.empty()) guard(conditions);
  }

  Result<void> step(const Standing& standing, const PreparedStep& step) {
    MIGRATE_TRY_ASSIGN(const db::RevisionRun run, make_run(standing, step, context_.settings));
    const bool up = run.direction == db::Direction::up;
    text_ += fmt::format("-- {} {}  {}\n", up ? "+" : "-", run.entry.id.str(), run.entry.message);
    if (run.transactional) {
      text_ += "BEGIN;\n" + timeouts(run, "SET LOCAL ");
      for (std::size_t i = 0; i < run.statements.size(); ++i) add_statement(run, i);
      text_ += as_ourselves(run);
      const std::chrono::milliseconds unknown{0};
      add(up ? journal_.applied_sql(run.entry, static_cast<int>(run.statements.size()), unknown)
             : journal_.reverted_sql(run.entry.id, unknown));
      text_ += "COMMIT;\n";
    } else {
      add_statement_by_statement(run);
    }
    text_ += "RESET ALL;\nRESET SESSION AUTHORIZATION;\nSET client_encoding TO 'UTF8';\n\n";
    return {};
  }

  void add(const std::string& sql) {
    text_ += sql;
    text_ += sql.ends_with(";") ? "\n" : ";\n";
  }

  std::string end() {
    text_ += fmt::format("DO $migrate$ BEGIN PERFORM pg_advisory_unlock({}); END $migrate$;\n",
                         db::MigrationLock::key(journal_.schema()));
    return std::move(text_);
  }

  [[nodiscard]] const db::Journal& journal() const { return journal_; }

 private:
  /// Where the script runs the journal may be there or not.
  void make_journal() {
    const std::string table = quote_literal(quote_identifier(journal_.schema()) + ".migrate_revision");
    text_ += fmt::format(
        "SELECT pg_catalog.to_regclass({}) IS NULL AS migrate_no_journal \\gset\n"
        "\\if :migrate_no_journal\nBEGIN;\n",
        table);
    add(journal_.create_sql());
    text_ += "COMMIT;\n\\endif\n\n";
  }

  void guard(const Conditions& conditions) {
    const std::string schema = quote_identifier(journal_.schema());
    const std::string table = schema + ".migrate_revision";
    const auto& [present, absent, undoes_present] = conditions;
    std::string body;
    const auto ask = [&](std::string_view question, const std::vector<revision::RevisionId>& ids) {
      if (!ids.empty()) body += fmt::format(fmt::runtime(question), id_list(ids), table);
    };
    if (!present.empty()) {
      body += fmt::format(fmt::runtime(ask_journal), quote_literal(table), quote_literal(id_text(present)),
                          quote_literal(journal_.schema()));
    }
    const std::string& project = context_.settings.project.value;
    if (!project.empty()) {
      body += fmt::format(fmt::runtime(ask_project), schema + ".migrate_log", quote_literal(project));
    }
    std::vector<revision::RevisionId> all = present;
    all.insert(all.end(), absent.begin(), absent.end());
    ask(ask_half_done, all);
    ask(ask_present, present);
    ask(ask_absent, absent);
    if (undoes_present) ask(ask_above, present);
    if (body.empty()) return;
    add(db::do_block("DECLARE wrong text; BEGIN\n" + body + "END"));
    text_ += "\n";
  }

  static std::string timeouts(const db::RevisionRun& run, std::string_view set) {
    return fmt::format("{0}lock_timeout = {1};\n{0}statement_timeout = {2};\n", set, run.lock_timeout.count(),
                       run.statement_timeout.count());
  }

  void add_statement(const db::RevisionRun& run, std::size_t index) {
    const auto& statement = run.statements[index];
    if (statement.treatment.assertion) return add(db::assertion_block(run, index));
    text_ += run.source->text(statement.statement.range);
    text_ += ";\n";
    if (!statement.statement.copy_data) return;
    const std::string_view rows = run.source->text(*statement.statement.copy_data);
    text_ += rows;
    // psql sends it along with the rows, and the server takes it only with their line ends.
    text_ += rows.ends_with("\r\n") ? "\\.\r\n" : "\\.\n";
  }

  void add_statement_by_statement(const db::RevisionRun& run) {
    add(journal_.started_sql(run.entry, run.direction, static_cast<int>(run.statements.size())));
    for (std::size_t i = 0; i < run.statements.size(); ++i) {
      const auto& statement = run.statements[i];
      if (statement.treatment.batch) {
        text_ += timeouts(run, "SET ");
        add(db::batch_block(journal_, run, i));
        continue;
      }
      const int number = static_cast<int>(i) + 1;
      if (db::runs_alone(run, i)) {
        // For the run that finds out what became of it, where the script is cut off.
        add_to_journal(run, journal_.step_started_sql(run.entry.id, run.direction, number));
        add_statement(run, i);
        add_to_journal(run, journal_.step_done_sql(run.entry.id, number));
        continue;
      }
      text_ += "BEGIN;\n" + timeouts(run, "SET LOCAL ");
      add_statement(run, i);
      text_ += as_ourselves(run);
      add(journal_.step_done_sql(run.entry.id, number));
      text_ += "COMMIT;\n";
    }
    add_to_journal(run, journal_.finished_sql(run.entry.id, run.direction, std::chrono::milliseconds{0}));
  }

  /// The journal is written by whoever runs the script, whatever role the revision takes: to be said where it may have
  /// taken one.
  static std::string as_ourselves(const db::RevisionRun& run) {
    const auto sets = [](const db::RunStatement& statement) { return statement.facts.tag.starts_with("SET"); };
    if (std::none_of(run.statements.begin(), run.statements.end(), sets)) return {};
    return "SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL role TO DEFAULT;\n";
  }

  void add_to_journal(const db::RevisionRun& run, const std::string& sql) {
    const std::string role = as_ourselves(run);
    if (role.empty()) return add(sql);
    text_ += "BEGIN;\n" + role;
    add(sql);
    text_ += "COMMIT;\n";
  }

  const Context& context_;
  db::Journal journal_;
  std::string text_;
};

std::vector<revision::RevisionId> ids_of(const History& history, const std::vector<revision::NodeIndex>& nodes) {
  std::vector<revision::RevisionId> ids;
  for (const auto node : nodes) ids.push_back(history.graph()[node].id);
  return ids;
}

Result<std::string> write_script(const Context& context, const std::string& title, const Standing& standing,
                                 const std::vector<PreparedStep>& steps, db::Direction direction) {
  std::vector<revision::NodeIndex> nodes;
  for (const auto& step : steps) nodes.push_back(step.node);
  const auto touched = ids_of(standing.history, nodes);
  Script script(context, offline_journal(context));
  if (direction == db::Direction::up) {
    script.begin(title, {.present = ids_of(standing.history, standing.current()), .absent = touched});
  } else {
    script.begin(title, {.present = touched, .undoes_present = true});
  }
  for (const auto& step : steps) MIGRATE_TRY(script.step(standing, step));
  return script.end();
}

}  // namespace

Result<std::string> upgrade_script(const Context& context, const std::string& text, bool lint) {
  revision::TargetRange range;
  if (text.find(':') == std::string::npos) {
    MIGRATE_TRY_ASSIGN(range.to, revision::parse_target(text));
  } else {
    MIGRATE_TRY_ASSIGN(range, revision::parse_target_range(text));
  }
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const Standing standing, assumed_standing(files, range.from));
  if (!range.to) {
    MIGRATE_TRY_ASSIGN(range.to, revision::parse_target("heads"));
  }
  MIGRATE_TRY_ASSIGN(const auto steps, decide_upgrade(standing, *range.to));
  if (lint) MIGRATE_TRY(pass_gate(context, judge_script(context, standing, steps)));
  return write_script(context, fmt::format("Upgrade {}", text), standing, steps, db::Direction::up);
}

Result<std::string> downgrade_script(const Context& context, const std::string& text) {
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
  MIGRATE_TRY_ASSIGN(const Standing standing, assumed_standing(files, range.from));
  MIGRATE_TRY_ASSIGN(const auto plan, revision::plan_downgrade(files.graph(), standing.applied, *range.to));
  const auto no_stored = [](revision::NodeIndex) { return std::string(); };
  MIGRATE_TRY_ASSIGN(const auto steps, prepare_steps(standing, plan, db::Direction::down, no_stored));
  return write_script(context, fmt::format("Downgrade {}", text), standing, steps, db::Direction::down);
}

Result<std::string> stamp_script(const Context& context, const std::vector<std::string>& texts) {
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const Standing standing, assumed_standing(files, std::nullopt));
  std::vector<revision::Target> targets;
  for (const auto& text : texts) {
    MIGRATE_TRY_ASSIGN(auto target, revision::parse_target(text));
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
  Script script(context, offline_journal(context));
  script.begin(fmt::format("Stamp {}", fmt::join(texts, " ")), {.absent = ids});
  script.add("BEGIN");
  script.add(script.journal().stamped_sql(added, {}, false));
  script.add("COMMIT");
  return script.end();
}

}  // namespace migrate::ops
