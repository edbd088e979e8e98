#include <algorithm>

#include <fmt/format.h>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

bool is_or_ends_with(const std::string& name, const std::string& end) {
  return name == end || (name.size() > end.size() && name.ends_with("_" + end));
}

// "billing_invoice_line" may be called invoice_line or line.
bool names_table(const std::string& column, std::string one, const std::string& target) {
  while (true) {
    if (is_or_ends_with(column, one + "_" + target)) return true;
    const auto next = one.find('_');
    if (next == std::string::npos) return false;
    one.erase(0, next + 1);
  }
}

// The column that is pointed at: written, or the only one of the primary key; "id" where nobody knows.
std::string target_of(const Site& site, const NewName& key) {
  if (!key.parts.referenced_columns.empty()) return key.parts.referenced_columns.front();
  const auto* table = site.relation({{}, key.parts.referenced_table, {}});
  const auto columns = table ? table->primary_key() : std::vector<std::string>();
  return columns.size() == 1 ? columns.front() : "id";
}

void check(const Site& site, Findings& findings) {
  const auto names = new_names(site, {NameKind::foreign_key, NameKind::column});
  for (const auto& key : names) {
    if (key.kind != NameKind::foreign_key || key.renames || key.parts.columns.size() != 1) continue;
    const std::string& column = key.parts.columns.front();
    // Only where the column is new, too.
    const auto made = std::find_if(names.begin(), names.end(), [&](const NewName& name) {
      return name.kind == NameKind::column && name.name == column;
    });
    if (made == names.end()) continue;
    const std::string target = target_of(site, key);
    const std::string one = singular_of(snake_case_of(key.parts.referenced_table));
    const std::string plain = snake_case_of(column);
    // Of itself a table may have parents, managers and predecessors; a code goes by its own name everywhere.
    const bool own = key.parts.referenced_table == key.parts.table && is_or_ends_with(plain, target);
    const bool same = target != "id" && is_or_ends_with(column, target);
    if (own || same || names_table(plain, one, target)) continue;
    auto finding = site.finding(
        made->range.empty() ? made->definition : made->range,
        fmt::format("column `{}` does not say that it points at `{}`", column, key.parts.referenced_table));
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(fmt::format("call it `{0}_{1}`, or `owner_{0}_{1}` for one of several", one, target));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule foreign_key_column_name{
    .id = "foreign-key-column-name",
    .category = Category::naming,
    .level = Level::off,
    .summary = "a column of a foreign key whose name doesn't tell the table it points at",
    .check_statement = check,
    .strict = Level::warning,
};

}  // namespace migrate::rules
