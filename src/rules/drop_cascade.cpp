#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto tell = [&](ByteRange range) {
    auto finding = site.finding(range, "CASCADE drops whatever depends on it, unnamed");
    // The word itself goes, with the blank before it.
    for (const auto& token : site.model().tokens) {
      if (token.range.begin < range.begin || token.range.end > range.end) continue;
      const std::string_view word = site.text(token.range);
      if (token.kind != sql::TokenKind::word || (word != "CASCADE" && word != "cascade")) continue;
      finding.fix = {{site.revision.source, {token.range.begin - 1, token.range.end}, ""}};
      finding.fix_message = "leave CASCADE out: what depends on it is then named by the server's error";
    }
    findings.push_back(std::move(finding));
  };
  if (const auto* drop = site.action<sql::Drop>();
      drop && drop->cascade && drop->object != sql::ObjectKind::schema && drop->object != sql::ObjectKind::extension) {
    bool any = drop->object != sql::ObjectKind::table;
    for (const auto& name : drop->names) any = any || site.is_visible(name);
    if (any) tell(whole(site));
  }
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (command.cascade && site.is_visible(alter.name)) tell(command.range);
  });
}

}  // namespace

const Rule drop_cascade{
    .id = "drop-cascade",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "DROP ... CASCADE takes along what nobody named",
    .check_statement = check,
};

}  // namespace migrate::rules
