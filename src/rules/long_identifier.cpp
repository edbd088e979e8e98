#include <fmt/format.h>

#include <migrate/sql/identifier.hpp>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

constexpr std::size_t longest_name = 63;

void check(const Site& site, Findings& findings) {
  for (const auto& name : new_names(site)) {
    if (name.range.empty()) continue;
    const std::string written = sql::identifier_text(site.text(name.range));
    if (written.size() <= longest_name) continue;
    auto finding =
        site.finding(name.range, fmt::format("a name of {} bytes: the server cuts it after 63", written.size()),
                     fmt::format("stored as `{}`", name.name));
    const std::string better = site.options.naming.suggest(name.kind, name.parts, {});
    if (!better.empty()) finding.diagnostic = std::move(finding.diagnostic).help(fmt::format("call it `{}`", better));
    finding.fix = {{site.revision.source, name.range, name_in_sql(name.name)}};
    finding.fix_message = "write it as the server stores it, or find a shorter one";
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule long_identifier{
    .id = "long-identifier",
    .category = Category::naming,
    .level = Level::error,
    .summary = "a name longer than the 63 bytes that the server keeps",
    .check_statement = check,
};

}  // namespace migrate::rules
