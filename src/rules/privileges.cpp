// What a revision does to others than the schema's tables.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool changes_privileges(const Site& site) {
  if (site.action<sql::Privileges>()) return true;
  if (const auto* set = site.action<sql::SetVariable>())
    return set->name == "role" || set->name == "session_authorization";
  if (const auto* alter = site.action<sql::AlterTable>()) {
    return std::any_of(alter->commands.begin(), alter->commands.end(),
                       [](const sql::AlterCommand& command) { return command.kind == sql::AlterKind::owner; });
  }
  constexpr std::array<std::string_view, 9> tags{"GRANT ROLE", "REVOKE ROLE",  "CREATE ROLE",
                                                 "ALTER ROLE", "DROP ROLE",    "CREATE USER",
                                                 "ALTER USER", "ALTER SYSTEM", "ALTER DEFAULT PRIVILEGES"};
  const std::string& tag = site.judged().facts.tag;
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

void check_privileges(const Site& site, Findings& findings) {
  if (!changes_privileges(site)) return;
  auto finding = site.finding(words(site, 1), fmt::format("`{}` in a revision", site.judged().facts.tag));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note("roles belong to the server, not to the database: elsewhere they have other names, or are not there")
          .help("keep roles and privileges with the servers' own settings, if those are kept elsewhere");
  findings.push_back(std::move(finding));
}

void check_extension(const Site& site, Findings& findings) {
  const auto* create = site.action<sql::CreateExtension>();
  if (!create) return;
  auto finding =
      site.finding(words(site, 2), fmt::format("the extension `{}` has to be on every server", create->name));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note("its files must be installed there, and most extensions want a superuser")
          .help(fmt::format("look: SELECT * FROM pg_available_extensions WHERE name = '{}'", create->name));
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule new_extension{.id = "new-extension",
                         .category = Category::design,
                         .level = Level::off,
                         .summary = "an extension, which has to be installed on every server",
                         .check_statement = check_extension,
                         .strict = Level::note};
const Rule privilege_change{.id = "privilege-change",
                            .category = Category::design,
                            .level = Level::off,
                            .summary = "roles, owners or privileges are changed by a revision",
                            .scope = Scope::both,
                            .check_statement = check_privileges,
                            .strict = Level::note};

}  // namespace migrate::rules
