#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool is_zero(const std::string& value) {
  return value.find_first_not_of("0ms ") == std::string::npos && !value.empty();
}

void check(const Site& site, Findings& findings) {
  const auto* variable = site.action<sql::SetVariable>();
  if (!variable || variable->name != "lock_timeout" || variable->reset) return;
  if (variable->values.size() != 1 || !is_zero(variable->values[0])) return;
  auto finding = site.finding(whole(site), "without lock_timeout a lock is waited for, and all others wait behind it");
  finding.diagnostic = std::move(finding.diagnostic)
                           .note("migrate waits for a lock for a short time, lets the others pass, and tries again")
                           .help("leave it out; or set the time with `-- migrate:upgrade lock_timeout=5s`");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule no_lock_timeout{
    .id = "no-lock-timeout",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "a revision switches lock_timeout off",
    .check_statement = check,
};

}  // namespace migrate::rules
