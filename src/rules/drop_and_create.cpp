#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* create = site.action<sql::CreateTable>();
  // Of a temporary one the rows are the session's own.
  if (!create || create->temporary) return;
  for (std::size_t i = 0; i < site.index; ++i) {
    const auto* drop = site.action<sql::Drop>(i);
    if (!drop || drop->object != sql::ObjectKind::table || !drop->if_exists) continue;
    for (const auto& name : drop->names) {
      if (!(site.schema.resolve(name) == site.schema.resolve(create->name))) continue;
      auto finding = site.finding(
          create->name.range,
          fmt::format("`{}` is dropped, with whatever rows it has, and made again", to_text(create->name)));
      finding.diagnostic = std::move(finding.diagnostic)
                               .also(site.revision.source, site.revision.statements[i].statement.range, "dropped here")
                               .help("leave the DROP out: a revision knows whether it has run");
      findings.push_back(std::move(finding));
      return;
    }
  }
}

}  // namespace

const Rule drop_and_create{
    .id = "drop-and-create",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "a table is dropped and made again under its name",
    .check_statement = check,
};

}  // namespace migrate::rules
