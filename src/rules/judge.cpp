#include <migrate/rules/judge.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/sql/treatment.hpp>

#include "rules/allowances.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool is_transactional(const JudgedRevision& revision) {
  if (revision.transaction_none_written) return false;
  return std::none_of(revision.statements.begin(), revision.statements.end(), [](const JudgedStatement& one) {
    return one.facts.block_rule == sql::BlockRule::forbidden || runs_in_batches(one);
  });
}

Severity severity_of(Level level) {
  switch (level) {
    case Level::error: return Severity::error;
    case Level::warning: return Severity::warning;
    default: return Severity::note;
  }
}

class Judge {
 public:
  Judge(std::span<const Candidate> candidates, World world, const Selection& selection, const Options& options)
      : candidates_(candidates), world_(std::move(world)), selection_(selection), options_(options) {
    for (const Rule* rule : all_rules()) {
      const Level level = selection.level(*rule);
      if (level != Level::off && (!rule->needs_database || world_.schema.complete)) active_.push_back({rule, level});
    }
  }

  void go_through(const Candidate& candidate, std::size_t index) {
    if (candidate.upgrade) {
      judge_section(*candidate.upgrade, index, candidate.judged);
      catalog::end_revision(world_.schema, world_.rows_of_new_tables);
    }
    if (candidate.downgrade && candidate.judged) judge_section(*candidate.downgrade, index, true);
  }

  Verdict finish() {
    std::stable_sort(verdict_.findings.begin(), verdict_.findings.end(), [](const Judged& a, const Judged& b) {
      const auto begin = [](const Judged& one) { return one.finding.diagnostic.primary->range.begin; };
      return std::pair(a.revision, begin(a)) < std::pair(b.revision, begin(b));
    });
    for (auto& judged : verdict_.findings) {
      verdict_.errors += judged.level == Level::error ? 1 : 0;
      verdict_.warnings += judged.level == Level::warning ? 1 : 0;
      verdict_.notes += judged.level == Level::note ? 1 : 0;
    }
    return std::move(verdict_);
  }

 private:
  struct Active {
    const Rule* rule;
    Level level;
  };

  void judge_section(const JudgedRevision& revision, std::size_t index, bool judged) {
    Allowances allowances(revision, index);
    if (judged) {
      ask(revision, 0, allowances, index, [](const Rule& rule) { return rule.check_revision; });
    }
    for (std::size_t i = 0; i < revision.statements.size(); ++i) {
      if (judged) {
        world_.schema.keep_answers(true);
        ask(revision, i, allowances, index, [](const Rule& rule) { return rule.check_statement; });
        world_.schema.keep_answers(false);
      }
      // What a downgrade does is of no use to the revisions that follow its upgrade.
      if (revision.downgrade) continue;
      catalog::apply(world_.schema, revision.statements[i].model,
                     {catalog::Origin::this_revision, revision.file->header.id.value.str(), catalog::Rows::none});
    }
    if (!judged) return;
    // A live catalog knows that a table is empty here, and elsewhere it isn't: there the allowance is of use.
    for (auto& complaint : allowances.complaints(selection_, !world_.schema.complete)) keep(std::move(complaint));
  }

  template <class Check>
  void ask(const JudgedRevision& revision, std::size_t statement, Allowances& allowances, std::size_t index,
           Check check) {
    const Site site{revision, statement, world_.schema, options_, candidates_.subspan(index + 1)};
    for (const auto& [rule, level] : active_) {
      const auto function = check(*rule);
      if (!function || (revision.downgrade && rule->scope != Scope::both)) continue;
      found_.clear();
      function(site, found_);
      const bool of_statement = function == rule->check_statement;
      for (auto& finding : found_) {
        if (allowances.take(rule->id, of_statement ? std::optional(statement) : std::nullopt)) {
          ++verdict_.suppressed;
          continue;
        }
        keep({rule, std::min(level, finding.at_most.value_or(level)), index, statement, std::move(finding)});
      }
    }
  }

  void keep(Judged judged) {
    Diagnostic& diagnostic = judged.finding.diagnostic;
    diagnostic.id = judged.rule->id;
    diagnostic.severity = severity_of(judged.level);
    if (!judged.finding.fix.empty()) {
      diagnostic.helps.insert(diagnostic.helps.begin(), {judged.finding.fix_message, judged.finding.fix});
    }
    verdict_.findings.push_back(std::move(judged));
  }

  std::span<const Candidate> candidates_;
  World world_;
  const Selection& selection_;
  const Options& options_;
  std::vector<Active> active_;
  Findings found_;
  Verdict verdict_;
};

const revision::Section* section_of(const revision::RevisionFile& file, bool downgrade) {
  if (!downgrade) return &file.upgrade;
  return file.downgrade ? &*file.downgrade : nullptr;
}

// Without its statements.
JudgedRevision revision_of(const SourcePtr& source, const revision::RevisionFile& file, bool downgrade) {
  JudgedRevision revision;
  revision.source = source;
  revision.file = &file;
  revision.downgrade = downgrade;
  if (const auto* section = section_of(file, downgrade)) {
    revision.options = section->options;
    revision.transaction_none_written = section->options.transaction_none || file.header.transaction_none;
  }
  return revision;
}

}  // namespace

JudgedRevision read_revision(const SourcePtr& source, const revision::RevisionFile& file, bool downgrade,
                             std::vector<std::pair<sql::Statement, sql::StatementFacts>> statements) {
  JudgedRevision revision = revision_of(source, file, downgrade);
  for (auto& [statement, facts] : statements) {
    auto model = sql::read_model(source, statement.range);
    revision.statements.push_back({std::move(statement), std::move(facts), std::move(model)});
  }
  revision.transactional = is_transactional(revision);
  return revision;
}

Result<JudgedRevision> read_revision(const SourcePtr& source, const revision::RevisionFile& file, bool downgrade) {
  JudgedRevision revision = revision_of(source, file, downgrade);
  if (const auto* section = section_of(file, downgrade)) {
    MIGRATE_TRY_ASSIGN(auto statements, sql::split_statements(source, section->body));
    Diagnostics problems;
    for (const auto& statement : statements) {
      if (auto treatment = sql::read_treatment(source, statement); !treatment) {
        auto& found = treatment.error().diagnostics;
        problems.insert(problems.end(), found.begin(), found.end());
      }
    }
    if (!problems.empty()) return fail(Failure(std::move(problems)));
    for (auto& statement : statements) {
      auto [facts, model] = sql::understand(source, statement.range);
      revision.statements.push_back({std::move(statement), std::move(facts), std::move(model)});
    }
  }
  revision.transactional = is_transactional(revision);
  return revision;
}

Verdict judge(std::span<const Candidate> candidates, World world, const Selection& selection, const Options& options) {
  Judge judge(candidates, std::move(world), selection, options);
  for (std::size_t i = 0; i < candidates.size(); ++i) judge.go_through(candidates[i], i);
  return judge.finish();
}

}  // namespace migrate::rules
