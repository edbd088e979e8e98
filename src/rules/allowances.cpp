#include "rules/allowances.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

std::optional<std::string> nearest_rule(const std::string& word) {
  std::vector<std::string> ids;
  for (const Rule* rule : all_rules()) ids.emplace_back(rule->id);
  return nearest(word, ids);
}

}  // namespace

Allowances::Allowances(const JudgedRevision& revision, std::size_t index) : revision_(revision), index_(index) {
  // The header's count for both sections, and are told of once, with the upgrade.
  for (const auto& allowance : revision.file->header.allowances) {
    allowances_.push_back({allowance.rule, allowance.reason, allowance.range, std::nullopt, revision.downgrade});
  }
  for (std::size_t i = 0; i < revision.statements.size(); ++i) {
    for (const auto& directive : revision.statements[i].statement.directives) {
      if (directive.name == "allow") read(directive, i);
    }
  }
}

// "RULE, RULE (reason)".
void Allowances::read(const sql::Directive& directive, std::size_t statement) {
  std::string_view words = trim(directive.arguments);
  std::string_view reason;
  if (const auto open = words.find('('); open != std::string_view::npos) {
    reason = words.substr(open + 1);
    if (const auto close = reason.rfind(')'); close != std::string_view::npos) reason = reason.substr(0, close);
    words = words.substr(0, open);
  }
  while (!words.empty()) {
    const auto end = std::min(words.find_first_of(", \t"), words.size());
    if (end > 0) {
      allowances_.push_back({std::string(words.substr(0, end)), std::string(trim(reason)), directive.range, statement});
    }
    words = words.substr(std::min(end + 1, words.size()));
  }
}

bool Allowances::take(std::string_view rule, std::optional<std::size_t> statement) {
  bool taken = false;
  for (auto& allowance : allowances_) {
    if (allowance.rule != rule || (allowance.statement && allowance.statement != statement)) continue;
    allowance.used = true;
    taken = true;
  }
  return taken;
}

std::vector<Judged> Allowances::complaints(const Selection& selection, bool unused) const {
  std::vector<Judged> found;
  const auto complain = [&](const Rule& rule, const Allowance& allowance, Diagnostic diagnostic) {
    const Level level = selection.level(rule);
    if (level == Level::off) return;
    Finding finding;
    finding.diagnostic = std::move(diagnostic).at(revision_.source, allowance.range);
    found.push_back({&rule, level, index_, allowance.statement.value_or(0), std::move(finding)});
  };
  for (const auto& allowance : allowances_) {
    const bool of_the_other_section = revision_.downgrade && !allowance.statement;
    if (of_the_other_section) continue;
    const Rule* rule = find_rule(allowance.rule);
    if (!rule) {
      auto diagnostic = error("", fmt::format("there is no rule `{}` to be allowed", allowance.rule));
      const auto near = nearest_rule(allowance.rule);
      complain(unknown_allowance, allowance,
               std::move(diagnostic)
                   .help(near ? fmt::format("did you mean `{}`?", *near) : "see the rules there are: migrate explain"));
      continue;
    }
    if (trim(allowance.reason).empty()) {
      complain(allowance_without_reason, allowance,
               error("", fmt::format("`{}` is allowed without a reason", allowance.rule))
                   .help(fmt::format("say why: -- migrate:allow {} (the reason)", allowance.rule)));
    }
    const bool off = selection.level(*rule) == Level::off;
    if (unused && !allowance.used && !off && !rule->needs_database) {
      complain(
          unused_allowance, allowance,
          error("", fmt::format("`{}` is allowed, but is not broken here", allowance.rule)).help("remove the comment"));
    }
  }
  return found;
}

}  // namespace migrate::rules
