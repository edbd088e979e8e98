#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || !index->concurrently || !index->name.empty()) return;
  const ByteRange keywords = words(site, index->unique ? 4 : 3);
  auto finding = site.finding(keywords, "an index without a name is built concurrently", "the server picks a name");
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note("a build that fails leaves an invalid index behind; the next try would make a second one beside it");
  NameParts parts;
  parts.schema = index->table.schema;
  parts.table = index->table.name;
  for (const auto& element : index->elements) {
    parts.columns.push_back(!element.column.empty() ? element.column
                            : element.expression && !element.expression->functions.empty()
                                ? element.expression->functions.front().name.name
                                : "expr");
  }
  const NameKind kind = index->unique ? NameKind::unique : NameKind::index;
  std::string name = site.options.naming.suggest(kind, parts, "");
  const std::string generated = generated_name(NameKind::index, parts);
  // The file itself may count on the server's choice, most of all its downgrade.
  if (name.empty() || site.revision.source->text().find(generated) != std::string_view::npos) name = generated;
  if (name != generated) finding.renames = {generated, name};
  finding.fix = {{site.revision.source, {keywords.end, keywords.end}, " " + name_in_sql(name)}};
  finding.fix_message = "name it";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule unnamed_concurrent_index{
    .id = "unnamed-concurrent-index",
    .category = Category::design,
    .level = Level::error,
    .summary = "CREATE INDEX CONCURRENTLY without a name",
    .check_statement = check,
};

}  // namespace migrate::rules
