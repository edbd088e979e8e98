#include <migrate/ops/mark.hpp>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/target.hpp>

#include "ops/guards.hpp"
#include "ops/prepared_step.hpp"
#include "ops/take_lock.hpp"

namespace migrate::ops {
namespace {

Result<revision::NodeIndex> find_revision(const Standing& standing, const std::string& text) {
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(text));
  MIGRATE_TRY_ASSIGN(const auto nodes, revision::resolve(standing.history.graph(), standing.applied, target));
  if (nodes.size() == 1) return nodes.front();
  return fail(error("invalid-target", fmt::format("`{}` is not one revision", text))
                  .help("name the revision: `migrate status` shows what is half done"));
}

Result<const db::JournalRow*> unfinished_row(const Standing& standing, revision::NodeIndex node) {
  const auto* row = standing.row(node);
  if (row && row->state != db::RevisionState::applied) return row;
  return fail(error("not-unfinished", fmt::format("revision {} is {}: there is nothing to tell",
                                                  standing.history.graph()[node].id.str(), row ? "applied" : "pending"))
                  .note("state", "nothing was changed")
                  .help("`migrate mark` is for what was left behind half-done; for another state of the journal: "
                        "migrate stamp"));
}

// Whoever finishes a revision by hand corrects its file first. Going down, what was applied stays what it was.
Result<std::optional<db::JournalEntry>> corrected_file(const Standing& standing, revision::NodeIndex node,
                                                       const db::JournalRow& row) {
  std::optional<db::JournalEntry> entry;
  if (row.state != db::RevisionState::applying || !standing.history.file(node)) return entry;
  MIGRATE_TRY_ASSIGN(entry, journal_entry(standing.history, node));
  if (entry->checksum == row.entry.checksum && entry->raw_checksum == row.entry.raw_checksum) entry.reset();
  return entry;
}

// The text in which a person counts: the file's where it is here, whatever was begun.
struct CountedIn {
  int total = 0;
  std::string downgrade;  // going down, where the file has it
};

CountedIn counted_in(Connection& connection, const Standing& standing, revision::NodeIndex node,
                     const db::JournalRow& row) {
  const bool down = row.state == db::RevisionState::reverting;
  const bool has_file = standing.history.file(node) != nullptr;
  std::string stored;
  if (down && !has_file) {
    if (auto kept = connection.journal.read_downgrade(connection.session, row.entry.id)) stored = *std::move(kept);
  }
  const auto step = prepare_step(standing, node, down ? db::Direction::down : db::Direction::up, stored);
  if (!step) return {.total = row.steps_total, .downgrade = {}};
  CountedIn counted{.total = static_cast<int>(step->summary.statements), .downgrade = {}};
  if (down && has_file) {
    if (auto entry = journal_entry(standing.history, node)) counted.downgrade = std::move(entry->downgrade);
  }
  return counted;
}

std::string sql_of(const db::Journal& journal, const db::JournalRow& row, const Mark& mark,
                   const std::optional<db::JournalEntry>& corrected, const CountedIn& counted) {
  const auto& id = row.entry.id;
  switch (mark.as) {
    case MarkAs::applied: return journal.marked_applied_sql(id, corrected);
    case MarkAs::pending: return journal.stamped_sql({}, {id}, false);
    case MarkAs::done: return journal.marked_done_sql(id, mark.statements, counted.total, counted.downgrade);
  }
  return {};
}

}  // namespace

Result<MarkOutcome> mark(const Context& context, const std::string& revision, const Mark& mark) {
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context, Purpose::change));
  MIGRATE_TRY(guard_writable(connection.session.info()));
  MIGRATE_TRY_ASSIGN(auto lock, take_lock(context, connection));
  MIGRATE_TRY_ASSIGN(auto journal, wait_for_journal(context, connection));
  MIGRATE_TRY_ASSIGN(const Standing standing, lay_over(files, std::move(journal)));
  MIGRATE_TRY_ASSIGN(const auto node, find_revision(standing, revision));
  MIGRATE_TRY_ASSIGN(const db::JournalRow* row, unfinished_row(standing, node));
  CountedIn counted{.total = row->steps_total, .downgrade = {}};
  if (mark.as == MarkAs::done) counted = counted_in(connection, standing, node, *row);
  if (mark.as == MarkAs::done && (mark.statements < 0 || mark.statements > counted.total)) {
    return fail(error("too-many-statements",
                      fmt::format("revision {} has {}, not {}", row->entry.id.str(),
                                  plural(static_cast<std::size_t>(counted.total), "statement"), mark.statements))
                    .note("state", "nothing was changed"));
  }
  std::optional<db::JournalEntry> corrected;
  if (mark.as == MarkAs::applied) {
    MIGRATE_TRY_ASSIGN(corrected, corrected_file(standing, node, *row));
  }
  const auto done = lock.commit(sql_of(connection.journal, *row, mark, corrected, counted));
  if (!done) {
    return fail(db::to_diagnostic(done.error()).note("state", "the journal was not changed"), ExitCode::rolled_back);
  }
  return MarkOutcome{.database = connection.session.info(),
                     .revision = standing.history.summary(node),
                     .was = row->state,
                     .steps_total = counted.total,
                     .mark = mark,
                     .file_changed = corrected.has_value()};
}

}  // namespace migrate::ops
