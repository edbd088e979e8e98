#include "ops/psql_script.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/db/script.hpp>
#include <migrate/version.hpp>

namespace migrate::ops {
namespace {

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
constexpr std::string_view ask_half_done =
    R"(  SELECT string_agg(id, ', ' ORDER BY id) INTO wrong FROM unnest({0}) AS id
   WHERE EXISTS (SELECT FROM {1} WHERE revision = id AND state <> 'applied');
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'revision(s) % are half done: run `migrate resume`', wrong; END IF;
)";
constexpr std::string_view ask_present = R"(  SELECT string_agg(id, ', ' ORDER BY id) INTO wrong FROM unnest({0}) AS id
   WHERE NOT EXISTS (SELECT FROM {1} WHERE revision = id);
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'this script starts after revision(s) %, which are not applied', wrong; END IF;
)";
constexpr std::string_view ask_absent = R"(  SELECT string_agg(id, ', ' ORDER BY id) INTO wrong FROM unnest({0}) AS id
   WHERE EXISTS (SELECT FROM {1} WHERE revision = id);
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'revision(s) % are applied already', wrong; END IF;
)";
constexpr std::string_view ask_above = R"(  SELECT string_agg(revision, ', ' ORDER BY revision) INTO wrong FROM {1}
   WHERE revision <> ALL ({0}) AND (parents && {0} OR depends_on && {0});
  IF wrong IS NOT NULL THEN RAISE EXCEPTION 'revision(s) % stand on what this script undoes', wrong; END IF;
)";
// {0}: the journal's table.
constexpr std::string_view tell_half_done =
    R"(  SELECT string_agg(revision, ', ' ORDER BY revision) INTO wrong FROM {0} WHERE state <> 'applied';
  IF wrong IS NOT NULL THEN
    RAISE WARNING 'revision(s) % were left behind half done: the journal forgets it, and what is left of them stays', wrong;
  END IF;
)";

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

std::string timeouts(const db::RevisionRun& run, std::string_view set) {
  return fmt::format("{0}lock_timeout = {1};\n{0}statement_timeout = {2};\n", set, run.lock_timeout.count(),
                     run.statement_timeout.count());
}

/// The journal is written by whoever runs the script, whatever role the revision takes: to be said where it may have
/// taken one.
std::string as_ourselves(const db::RevisionRun& run) {
  const auto sets = [](const db::RunStatement& statement) { return statement.facts.tag.starts_with("SET"); };
  if (std::none_of(run.statements.begin(), run.statements.end(), sets)) return {};
  return "SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL role TO DEFAULT;\n";
}

}  // namespace

void PsqlScript::begin(const std::string& title, const Conditions& conditions) {
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

/// Where the script runs the journal may be there or not.
void PsqlScript::make_journal() {
  const std::string table = quote_literal(quote_identifier(journal_.schema()) + ".migrate_revision");
  text_ += fmt::format(
      "SELECT pg_catalog.to_regclass({}) IS NULL AS migrate_no_journal \\gset\n"
      "\\if :migrate_no_journal\nBEGIN;\n",
      table);
  add(journal_.create_sql());
  text_ += "COMMIT;\n\\endif\n\n";
}

void PsqlScript::guard(const Conditions& conditions) {
  const std::string schema = quote_identifier(journal_.schema());
  const std::string table = schema + ".migrate_revision";
  const auto& [present, absent, undoes_present, forgets_all] = conditions;
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
  if (forgets_all) body += fmt::format(fmt::runtime(tell_half_done), table);
  if (body.empty()) return;
  add(db::do_block("DECLARE wrong text; BEGIN\n" + body + "END"));
  text_ += "\n";
}

void PsqlScript::begin_one_transaction() {
  one_transaction_ = true;
  text_ += "BEGIN;\n\n";
}

void PsqlScript::end_one_transaction() {
  one_transaction_ = false;
  text_ += "COMMIT;\n";
}

Result<void> PsqlScript::step(const Standing& standing, const PreparedStep& step) {
  MIGRATE_TRY_ASSIGN(const db::RevisionRun run, make_run(standing, step, context_.settings));
  const bool up = run.direction == db::Direction::up;
  text_ += fmt::format("-- {} {}  {}\n", up ? "+" : "-", run.entry.id.str(), run.entry.message);
  if (run.transactional)
    add_in_transaction(run);
  else
    add_statement_by_statement(run);
  // As a run leaves the session between two revisions: db::Session::reset_sql().
  text_ +=
      "RESET ALL;\nRESET SESSION AUTHORIZATION;\nRESET ROLE;\nCLOSE ALL; UNLISTEN *; DISCARD TEMP; DEALLOCATE ALL;\n"
      "SET client_encoding TO 'UTF8';\n\n";
  return {};
}

void PsqlScript::add_statement(const db::RevisionRun& run, std::size_t index) {
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

void PsqlScript::add_in_transaction(const db::RevisionRun& run) {
  if (!one_transaction_) text_ += "BEGIN;\n";
  text_ += timeouts(run, "SET LOCAL ");
  for (std::size_t i = 0; i < run.statements.size(); ++i) add_statement(run, i);
  text_ += as_ourselves(run);
  const std::chrono::milliseconds unknown{0};
  add(run.direction == db::Direction::up
          ? journal_.applied_sql(run.entry, static_cast<int>(run.statements.size()), unknown)
          : journal_.reverted_sql(run.entry.id, unknown));
  if (!one_transaction_) text_ += "COMMIT;\n";
}

void PsqlScript::add_statement_by_statement(const db::RevisionRun& run) {
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

void PsqlScript::add_to_journal(const db::RevisionRun& run, const std::string& sql) {
  const std::string role = as_ourselves(run);
  if (role.empty()) return add(sql);
  text_ += "BEGIN;\n" + role;
  add(sql);
  text_ += "COMMIT;\n";
}

void PsqlScript::add(const std::string& sql) {
  text_ += sql;
  text_ += sql.ends_with(";") ? "\n" : ";\n";
}

std::string PsqlScript::end() {
  text_ += fmt::format("DO $migrate$ BEGIN PERFORM pg_advisory_unlock({}); END $migrate$;\n",
                       db::MigrationLock::key(journal_.schema()));
  return std::move(text_);
}

}  // namespace migrate::ops
