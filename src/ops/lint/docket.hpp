// Revisions in the order in which they run, read for the rules.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/revision/revision_file.hpp>
#include <migrate/rules/judge.hpp>

#include "ops/lint/judge_settings.hpp"

namespace migrate::ops {

// What is asked about one revision.
enum class Asked {
  nothing,  // only taken into account for what it makes
  upgrade,
  both,  // both sections
};

// What the rules are to see of one file.
struct ReadSections {
  rules::JudgedRevision upgrade;
  std::optional<rules::JudgedRevision> downgrade;  // where it is asked for
};
// Errors: those of sql::split_statements; nobody needs to hear of them who asks nothing.
Result<ReadSections> read_sections(const SourcePtr& source, const revision::RevisionFile& file, Asked asked);

// What the server did with statements that the parser doesn't know, by their text.
using Trials = std::map<std::string, rules::Trial, std::less<>>;

class Docket {
 public:
  void add(ReadSections sections, Asked asked);
  // Statements that are cut and examined already. `file` must live as long as the docket.
  void add(const SourcePtr& source, const revision::RevisionFile& file, bool judged,
           std::vector<std::pair<sql::Statement, sql::StatementFacts>> statements);
  // A downgrade that runs between upgrades: it counts for what it drops.
  void add_undoing(const SourcePtr& source, const revision::RevisionFile& file,
                   std::vector<std::pair<sql::Statement, sql::StatementFacts>> statements);

  // All names in its statements, for the server.
  [[nodiscard]] catalog::Mentioned mentioned() const;

  // The texts of ALTER TABLE in judged upgrades that the parser doesn't know.
  [[nodiscard]] std::vector<std::string_view> unknown() const;
  void take(const Trials& trials);

  [[nodiscard]] std::size_t judged_count() const;
  // Findings have the indexes of the calls of add().
  [[nodiscard]] rules::Verdict judge(rules::World world, const JudgeSettings& settings) const;

 private:
  std::deque<rules::JudgedRevision> revisions_;  // addresses stay
  std::vector<rules::Candidate> candidates_;
};

// The finding as it is told, with the way to its rule's page.
Diagnostic diagnostic_of(const rules::Judged& judged);

}  // namespace migrate::ops
