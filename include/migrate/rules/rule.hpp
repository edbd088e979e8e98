/// \file
/// A rule: what it is called, what it asks, and what it is given.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/diagnostic.hpp>
#include <migrate/catalog/schema.hpp>
#include <migrate/revision/revision_file.hpp>
#include <migrate/rules/naming.hpp>
#include <migrate/sql/model.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::rules {

enum class Category { locking, rewrite, data_loss, compatibility, transaction, naming, types, design };
std::string_view to_text(Category category);

/// What a finding of a rule is, if it is one at all.
enum class Level { off, note, warning, error };
std::string_view to_text(Level level);

/// A piece of a rewrite in several revisions: what `migrate revision --from-finding` writes.
struct RevisionDraft {
  std::string message;
  bool transaction_none = false;
  std::string upgrade_sql;
  std::string downgrade_sql;
};

/// Another name for a thing: other revisions may speak of the old one, or have the new one.
struct Renaming {
  std::string from, to;
};

struct Finding {
  Diagnostic diagnostic;  ///< its id is the rule's; `primary` is in the revision file
  /// Mechanical: the SQL means the same, and the finding is gone. Shown as a patch, applied by `lint --fix`.
  std::vector<Edit> fix;
  std::string fix_message;             ///< "build it concurrently"
  std::optional<Renaming> renames;     ///< by the fix
  std::vector<RevisionDraft> rewrite;  ///< the safe form in several revisions; empty: none
  std::optional<Level> at_most;        ///< a milder level than the rule's, for reasons of the case (a small table)
};

/// What a server did when it was given the statement for an empty clone of its table.
struct Trial {
  bool rewrites = false;
  bool scans = false;  ///< without a rewrite
  bool builds_index = false;
};

/// One statement of a revision with everything that is known of it.
struct JudgedStatement {
  sql::Statement statement;
  sql::StatementFacts facts;
  sql::Model model;
  std::optional<Trial> trial = {};  ///< where it was tried: an ALTER TABLE that the parser does not know
};

/// The revision that is judged.
struct JudgedRevision {
  SourcePtr source;
  const revision::RevisionFile* file = nullptr;
  bool downgrade = false;                 ///< the downgrade section is under judgement
  bool transactional = true;              ///< all statements in one transaction
  bool transaction_none_written = false;  ///< by the header or the section
  revision::SectionOptions options;
  std::vector<JudgedStatement> statements;
};

/// Options of rules: numbers and words of migrate.toml, with defaults in one place.
struct Options {
  Naming naming;
  std::uint64_t small_table_bytes = 10ull << 20;  ///< smaller tables: errors about locks and scans are warnings
  std::size_t large_change_rows = 10'000;
  std::size_t wide_index_columns = 3;
  std::vector<std::string> money_words{"price", "amount", "cost", "total", "balance", "fee", "tax", "salary"};
  std::vector<std::string> category_words{"status", "state", "type", "kind", "category", "role", "level"};
  std::vector<std::string> timestamp_columns{"created_at", "updated_at"};
  std::string soft_delete_column = "deleted_at";
  std::vector<std::string> primary_key_types{"uuid", "int8"};
  std::map<std::string, std::string> forbidden_types;  ///< type to what to use instead
  int minimum_version = 140000;                        ///< of the servers to think of where none can be asked
};

/// One revision in the order in which they would run.
struct Candidate {
  const JudgedRevision* upgrade = nullptr;
  const JudgedRevision* downgrade = nullptr;  ///< null: not judged, or none
  /// False: only taken into account for what it makes (applied, before the baseline, or unchanged since a git ref).
  bool judged = true;
};

/// What a rule sees: the statement, what stood before it, and what it is judged by.
class Site {
 public:
  const JudgedRevision& revision;
  std::size_t index;              ///< of the statement; of a revision's rules: 0
  const catalog::Schema& schema;  ///< before the statement
  const Options& options;
  std::span<const Candidate> later;  ///< the revisions after this one, as far as they are known

  [[nodiscard]] const JudgedStatement& judged() const { return revision.statements[index]; }
  [[nodiscard]] const sql::Model& model() const { return judged().model; }
  [[nodiscard]] std::string_view text(ByteRange range) const { return revision.source->text(range); }
  template <class T>
  [[nodiscard]] const T* action() const {
    return std::get_if<T>(&model().action);
  }
  template <class T>
  [[nodiscard]] const T* action(std::size_t statement) const {
    return std::get_if<T>(&revision.statements[statement].model.action);
  }

  /// The server's version, or the oldest one to think of.
  [[nodiscard]] int server_version() const;
  /// The statement runs in a transaction together with others, or alone in one.
  [[nodiscard]] bool in_transaction() const;

  /// The table was there before this revision: others may use it, and wait for our locks. A table that nobody knows
  /// counts as visible, unless the schema is complete.
  [[nodiscard]] bool is_visible(const sql::QualifiedName& table) const;
  /// Rows may be in it: visible, and neither known to be empty nor a new table of this run on a live database.
  [[nodiscard]] bool may_hold_rows(const sql::QualifiedName& table) const;
  /// Known to be smaller than options.small_table_bytes.
  [[nodiscard]] bool is_small(const sql::QualifiedName& table) const;
  [[nodiscard]] const catalog::Relation* relation(const sql::QualifiedName& table) const { return schema.find(table); }

  /// "`account` was created in 3f2a91c and may hold rows", "`account` holds about 48 k rows (12 MB)",
  /// "`account` is assumed to hold rows: no database was asked".
  [[nodiscard]] std::string why_rows(const sql::QualifiedName& table) const;
  /// Volatile, as far as is known: calls of unknown functions are volatile.
  [[nodiscard]] bool is_volatile(const sql::Expression& expression) const;

  /// A finding at a range of the source, with the id and level of the rule put in by the engine.
  /// `message` is lower case, stands alone, and has names in backquotes.
  [[nodiscard]] Finding finding(ByteRange range, std::string message, std::string label = {}) const;
  /// The level of a finding about locks, scans or rewrites of `table`: a warning where the table is small.
  void soften_if_small(Finding& finding, const sql::QualifiedName& table) const;
};

using Findings = std::vector<Finding>;

/// Where a rule is asked.
enum class Scope {
  upgrade,  ///< statements of upgrade sections
  both,     ///< statements of both sections
};

/// One lint rule. Its page, and its test, is docs/rules/<id>.md.
struct Rule {
  std::string_view id;  ///< kebab-case; names the bad thing; reads well after "allow"
  Category category;
  Level level;               ///< in the preset `recommended`
  std::string_view summary;  ///< one line for lists, lower case, no full stop
  Scope scope = Scope::upgrade;
  void (*check_statement)(const Site& site, Findings& findings) = nullptr;
  void (*check_revision)(const Site& site, Findings& findings) = nullptr;
  Level strict = Level::off;    ///< in the presets `strict` and `guides`, where that is more than `level`
  bool needs_database = false;  ///< silent without one
};

/// All rules, in the order of their ids.
std::span<const Rule* const> all_rules();
const Rule* find_rule(std::string_view id);

/// The rule's page, docs/rules/<id>.md, as Markdown; empty where there is none.
std::string_view page_of(std::string_view id);

}  // namespace migrate::rules
