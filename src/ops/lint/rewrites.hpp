// Findings that have a safe form in several revisions.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/lint.hpp>
#include <migrate/rules/rule.hpp>

namespace migrate::ops {

struct FoundRewrite {
  LintFinding finding;
  std::vector<rules::RevisionDraft> drafts;
};

struct FoundRewrites {
  std::vector<FoundRewrite> rewrites;
  std::size_t findings = 0;  // of the rule, with or without a rewrite
};

// All of one rule, from the files alone. Errors: those of lint().
Result<FoundRewrites> find_rewrites(const Context& context, const std::string& rule,
                                    const std::vector<std::string>& targets);

}  // namespace migrate::ops
