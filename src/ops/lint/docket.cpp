#include "ops/lint/docket.hpp"

#include <algorithm>

namespace migrate::ops {

Result<ReadSections> read_sections(const SourcePtr& source, const revision::RevisionFile& file, Asked asked) {
  MIGRATE_TRY_ASSIGN(auto upgrade, rules::read_revision(source, file, false));
  ReadSections sections{std::move(upgrade), std::nullopt};
  if (asked == Asked::both && file.downgrade) {
    MIGRATE_TRY_ASSIGN(sections.downgrade, rules::read_revision(source, file, true));
  }
  return sections;
}

void Docket::add(ReadSections sections, Asked asked) {
  rules::Candidate candidate;
  candidate.judged = asked != Asked::nothing;
  candidate.upgrade = &revisions_.emplace_back(std::move(sections.upgrade));
  if (sections.downgrade) candidate.downgrade = &revisions_.emplace_back(*std::move(sections.downgrade));
  candidates_.push_back(candidate);
}

void Docket::add(const SourcePtr& source, const revision::RevisionFile& file, bool judged,
                 std::vector<std::pair<sql::Statement, sql::StatementFacts>> statements) {
  revisions_.push_back(rules::read_revision(source, file, false, std::move(statements)));
  candidates_.push_back({&revisions_.back(), nullptr, judged});
}

void Docket::add_undoing(const SourcePtr& source, const revision::RevisionFile& file,
                         std::vector<std::pair<sql::Statement, sql::StatementFacts>> statements) {
  revisions_.push_back(rules::read_revision(source, file, true, std::move(statements)));
  // Here it comes before what follows, and not as the other half of an upgrade.
  revisions_.back().downgrade = false;
  candidates_.push_back({&revisions_.back(), nullptr, false});
}

catalog::Mentioned Docket::mentioned() const {
  catalog::Mentioned names;
  for (const auto& revision : revisions_) {
    for (const auto& statement : revision.statements) catalog::mention(names, statement.model);
  }
  return names;
}

std::vector<std::string_view> Docket::unknown() const {
  std::vector<std::string_view> texts;
  for (const auto& candidate : candidates_) {
    if (!candidate.judged) continue;
    for (const auto& [statement, facts, model, trial] : candidate.upgrade->statements) {
      if (!facts.parsed && facts.tag == "ALTER TABLE")
        texts.push_back(candidate.upgrade->source->text(statement.range));
    }
  }
  return texts;
}

void Docket::take(const Trials& trials) {
  if (trials.empty()) return;
  for (auto& revision : revisions_) {
    for (auto& [statement, facts, model, trial] : revision.statements) {
      const auto found = facts.parsed ? trials.end() : trials.find(revision.source->text(statement.range));
      if (found != trials.end()) trial = found->second;
    }
  }
}

std::size_t Docket::judged_count() const {
  return static_cast<std::size_t>(
      std::count_if(candidates_.begin(), candidates_.end(), [](const auto& candidate) { return candidate.judged; }));
}

rules::Verdict Docket::judge(rules::World world, const JudgeSettings& settings) const {
  return rules::judge(candidates_, std::move(world), settings.selection, settings.options);
}

Diagnostic diagnostic_of(const rules::Judged& judged) {
  Diagnostic diagnostic = judged.finding.diagnostic;
  if (!rules::page_of(judged.rule->id).empty()) {
    diagnostic.notes.push_back({"more", "migrate explain " + std::string(judged.rule->id)});
  }
  return diagnostic;
}

}  // namespace migrate::ops
