#include <migrate/ops/make_from_finding.hpp>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/rules/rule.hpp>

#include "ops/lint/rewrites.hpp"
#include "ops/revision_sections.hpp"

namespace migrate::ops {
namespace {

Result<void> check_rule(const std::string& id) {
  if (rules::find_rule(id) != nullptr) return {};
  std::vector<std::string> ids;
  for (const auto* rule : rules::all_rules()) ids.emplace_back(rule->id);
  auto unknown = error("unknown-rule", fmt::format("there is no rule `{}`", id));
  if (const auto meant = nearest(id, ids)) unknown = std::move(unknown).help(fmt::format("did you mean `{}`?", *meant));
  return fail(std::move(unknown).help("see the rules there are: migrate explain"));
}

/// The one finding that is meant.
Result<FoundRewrite> choose(FoundRewrites found, const std::string& rule, const std::string& revision) {
  const std::string where = revision.empty() ? std::string("the revisions") : "revision " + revision;
  if (found.findings == 0) {
    return fail(error("no-such-finding", fmt::format("`{}` finds nothing in {}", rule, where))
                    .help("see what there is: migrate lint"));
  }
  if (found.rewrites.empty()) {
    return fail(error("no-rewrite", fmt::format("there is no form in several revisions for what `{}` found", rule))
                    .help(fmt::format("what to do instead: migrate explain {}", rule)));
  }
  if (found.rewrites.size() > 1 && revision.empty()) {
    auto several = error("several-findings", fmt::format("`{}` found {} places", rule, found.rewrites.size()));
    for (const auto& rewrite : found.rewrites) {
      const auto& place = rewrite.finding.diagnostic.primary;
      const std::size_t line = place ? place->source->line_column({place->range.begin}).line : 0;
      several = std::move(several).note("revision", fmt::format("{} {}, line {}", rewrite.finding.revision.id.str(),
                                                                rewrite.finding.revision.message, line));
    }
    return fail(std::move(several).help(
        fmt::format("say which: --from-finding {}@{}", rule, found.rewrites.front().finding.revision.id.str())));
  }
  return std::move(found.rewrites.front());
}

}  // namespace

Result<MadeRewrite> make_from_finding(const Context& context, const std::string& what, RevisionOptions options) {
  const auto at = what.find('@');
  const std::string rule = what.substr(0, at);
  const std::string revision = at == std::string::npos ? std::string() : what.substr(at + 1);
  MIGRATE_TRY(check_rule(rule));
  std::vector<std::string> targets;
  if (!revision.empty()) targets.push_back(revision);
  MIGRATE_TRY_ASSIGN(auto found, find_rewrites(context, rule, targets));
  MIGRATE_TRY_ASSIGN(const FoundRewrite chosen, choose(std::move(found), rule, revision));

  MadeRewrite made{.revisions = {}, .finding = chosen.finding.diagnostic, .replaces_part_of = chosen.finding.revision};
  // A second apart, so that their names stand in the order in which they run.
  Context clock = context;
  const Timestamp start = context.now();
  std::chrono::seconds after{0};
  clock.now = [&] { return start + after; };
  for (const auto& draft : chosen.drafts) {
    options.message = draft.message;
    options.transaction_none = draft.transaction_none;
    MIGRATE_TRY_ASSIGN(auto one, make_revision(clock, options, {draft.upgrade_sql, draft.downgrade_sql}));
    // Each stands on the one before.
    options.heads = {one.revision.id.str()};
    options.branch_labels.clear();
    options.depends_on.clear();
    options.revision_id.clear();
    made.revisions.push_back(std::move(one));
    ++after;
  }
  return made;
}

}  // namespace migrate::ops
