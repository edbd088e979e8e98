/// \file
/// The journal: `migrate_revision` (what is applied) and `migrate_log` (what happened). See docs/reference/journal.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/time.hpp>
#include <migrate/db/session.hpp>
#include <migrate/revision/revision_id.hpp>

namespace migrate::db {

inline constexpr int journal_format = 1;

enum class RevisionState { applied, applying, reverting };
enum class Direction { up, down };

/// What a revision file tells the journal.
struct JournalEntry {
  revision::RevisionId id;
  std::vector<revision::RevisionId> parents;
  std::vector<revision::RevisionId> depends_on;  ///< resolved to ids
  std::string message;
  std::string checksum;      ///< of the upgrade section: sql::section_checksum
  std::string raw_checksum;  ///< of the file
  std::string downgrade;     ///< the downgrade section as applied or begun, with its marker line
  bool operator==(const JournalEntry&) const = default;
};

/// What is committed of a statement that runs in batches, those of earlier runs among it.
struct BatchesDone {
  std::int64_t batches = 0;
  std::int64_t rows = 0;  ///< changed
};

struct JournalRow {
  JournalEntry entry;  ///< `downgrade` is filled by read_downgrade() only
  RevisionState state = RevisionState::applied;
  int steps_done = 0, steps_total = 0;
  std::optional<BatchesDone> batches;  ///< of the statement behind them, where it runs in batches and was begun
  std::optional<Timestamp> applied_at;
  std::string applied_by;
  std::chrono::milliseconds duration{0};
  std::string tool_version;
};

struct JournalContent {
  bool exists = false;
  int format = journal_format;
  std::string project;               ///< of the last log row; empty: none
  std::int64_t log_position = 0;     ///< grows with whatever is written into the journal
  std::vector<JournalRow> rows;      ///< by id
  bool database_has_tables = false;  ///< ordinary tables of others; asked only where no revision ever was applied
};

/// How a run that was left behind ended, as far as the log knows.
enum class LastWord {
  none,       ///< nothing of the next statement was begun
  under_way,  ///< it was, and nobody saw its end
  failed,     ///< the server refused it, or another part of the run
};

/// How far a statement is that runs in batches, for the run that goes on with it.
struct BatchRecord {
  int statement = 0;               ///< from 1
  std::string table;               ///< with its schema, as the server names it; empty: not known, from before
  std::string shape;               ///< what the statement does: "UPDATE SET plan"; empty: not known, from before
  std::vector<std::string> key;    ///< columns that are walked along; empty: the statement is repeated as it stands
  std::vector<std::string> after;  ///< the last key that is done; empty: none is
  std::vector<std::string> end;    ///< the last key there was when it began
  std::int64_t batches = 0, rows = 0, seen = 0;
  bool operator==(const BatchRecord&) const = default;
};

/// Who writes into the journal. Without a user it is whoever the server says: for scripts that somebody runs later.
struct JournalAuthor {
  std::string project, user, host, tool_version;
};

/// The journal of one database. Names are always written schema-qualified.
class Journal {
 public:
  Journal(std::string schema, JournalAuthor author);
  [[nodiscard]] const std::string& schema() const { return schema_; }
  /// The log's table, quoted.
  [[nodiscard]] std::string log_name() const;

  /// One round trip where the journal has rows. Errors: `journal-newer-format`, `journal-damaged` (columns missing,
  /// values that cannot be: says which), `journal-no-permission`, `journal-locked` (exit code 3: for longer than a
  /// second, outside of a transaction).
  [[nodiscard]] Result<JournalContent> read(Session& session) const;
  /// Errors: `no-stored-downgrade`.
  [[nodiscard]] Result<std::string> read_downgrade(Session& session, const revision::RevisionId& id) const;

  /// Creates the tables in one transaction, or brings an older format up to date. Errors: `journal-no-permission`
  /// (exit code 3), `read-only-database` (exit code 3), `no-schema`.
  [[nodiscard]] Result<void> ensure(Session& session) const;
  [[nodiscard]] std::string create_sql() const;

  /// SQL that makes the journal say so: to be sent inside the revision's own transaction. Both tables.
  [[nodiscard]] std::string applied_sql(const JournalEntry& entry, int steps, std::chrono::milliseconds duration) const;
  [[nodiscard]] std::string reverted_sql(const revision::RevisionId& id, std::chrono::milliseconds duration) const;
  /// For revisions that run statement by statement. Going up, a row that is there already stays where it was left;
  /// going down, only the id of the entry is used, and its downgrade where there is one: the text in which the
  /// statements are counted.
  [[nodiscard]] std::string started_sql(const JournalEntry& entry, Direction direction, int steps_total) const;
  [[nodiscard]] std::string step_done_sql(const revision::RevisionId& id, int steps_done) const;
  /// In the transaction of a batch.
  [[nodiscard]] std::string batch_done_sql(const revision::RevisionId& id, Direction direction,
                                           const BatchRecord& record) const;
  /// As step_done_sql(), of a statement that ran in batches.
  [[nodiscard]] std::string last_batch_done_sql(const revision::RevisionId& id, int steps_done) const;
  /// Of the statement that was cut off. None: no walk was.
  [[nodiscard]] Result<std::optional<BatchRecord>, ServerError> read_batch(Session& session,
                                                                           const revision::RevisionId& id,
                                                                           Direction direction) const;
  /// Where a journal was made before there were batches.
  [[nodiscard]] Result<void, ServerError> make_place_for_batches(Session& session) const;
  /// Into the log only: a statement that no transaction holds is about to be sent.
  [[nodiscard]] std::string step_started_sql(const revision::RevisionId& id, Direction direction, int statement) const;
  /// The log's last word on a revision that was left behind. `statement`: of the one that is to be run next.
  [[nodiscard]] Result<LastWord, ServerError> last_word(Session& session, const revision::RevisionId& id,
                                                        int statement) const;
  [[nodiscard]] std::string finished_sql(const revision::RevisionId& id, Direction direction,
                                         std::chrono::milliseconds duration) const;
  /// Takes started_sql() back: nothing of the revision has happened.
  [[nodiscard]] std::string abandoned_sql(const revision::RevisionId& id, Direction direction) const;
  /// Into the log only.
  [[nodiscard]] std::string failed_sql(const revision::RevisionId& id, Direction direction,
                                       std::chrono::milliseconds duration, const ServerError& server_error) const;
  /// A word about the journal's database: a backup, a restore. Into the log only.
  [[nodiscard]] std::string noted_sql(std::string_view message) const;
  /// `mark`: a revision that was left behind is applied, or has so many of its statements done.
  /// `as_now`: what the file tells, where it is no longer the one that was begun.
  [[nodiscard]] std::string marked_applied_sql(const revision::RevisionId& id,
                                               const std::optional<JournalEntry>& as_now = {}) const;
  /// `steps_total`, `downgrade`: of the text in which they are counted, where it is no longer the one that was begun.
  [[nodiscard]] std::string marked_done_sql(const revision::RevisionId& id, int steps_done,
                                            std::optional<int> steps_total = {}, std::string_view downgrade = {}) const;
  /// `stamp` and `mark`: rows appear (as applied, whatever they were) and vanish without anything being run.
  /// `purge`: all rows vanish first.
  [[nodiscard]] std::string stamped_sql(const std::vector<JournalEntry>& added,
                                        const std::vector<revision::RevisionId>& removed, bool purge) const;

 private:
  std::string schema_;
  JournalAuthor author_;
};

}  // namespace migrate::db
