/// \file
/// Judging revisions: every rule over every statement, with what earlier statements made.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <migrate/rules/rule.hpp>

namespace migrate::rules {

/// Which rules speak, and how loud.
struct Selection {
  std::map<std::string, Level, std::less<>> levels;  ///< every rule's, by id
  [[nodiscard]] Level level(const Rule& rule) const;
};

/// recommended, strict, guides, none. Nothing for another name.
std::optional<Selection> preset(std::string_view name);

/// A finding that stays after suppression.
struct Judged {
  const Rule* rule = nullptr;
  Level level = Level::error;
  std::size_t revision = 0;  ///< index into the revisions
  std::size_t statement = 0;
  Finding finding;  ///< its diagnostic has id, severity and help of the fix
};

struct Verdict {
  std::vector<Judged> findings;  ///< in the order of the text
  std::size_t errors = 0, warnings = 0, notes = 0, suppressed = 0;
  [[nodiscard]] bool refused() const { return errors > 0; }
};

/// Reads and cuts a section. Errors: those of sql::split_statements.
Result<JudgedRevision> read_revision(const SourcePtr& source, const revision::RevisionFile& file, bool downgrade);
/// Of statements that are cut and examined already.
JudgedRevision read_revision(const SourcePtr& source, const revision::RevisionFile& file, bool downgrade,
                             std::vector<std::pair<sql::Statement, sql::StatementFacts>> statements);

struct World {
  catalog::Schema schema;  ///< before the first candidate
  /// What a table made by an earlier candidate holds for the next: `none` on a live database, else `assumed`.
  catalog::Rows rows_of_new_tables = catalog::Rows::assumed;
};

/// Findings of all judged candidates. A comment `-- migrate:allow RULE (reason)` over a statement, or in the header,
/// takes the rule's findings away; `unknown-allowance`, `unused-allowance` and `allowance-without-reason` are findings
/// themselves.
Verdict judge(std::span<const Candidate> candidates, World world, const Selection& selection, const Options& options);

}  // namespace migrate::rules
