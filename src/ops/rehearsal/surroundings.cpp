#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ops/rehearsal/copy.hpp"

namespace migrate::ops {
namespace {

// Checked on 14 to 18.
constexpr std::string_view database_query = R"(
SELECT d.datname, current_user, r.rolsuper, r.rolsuper OR r.rolcreatedb, pg_catalog.pg_get_userbyid(d.datdba),
  pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
  pg_catalog.has_database_privilege(d.oid, 'CREATE')
FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user)";

constexpr std::string_view extensions_query = "SELECT extname FROM pg_catalog.pg_extension ORDER BY extname";

constexpr std::string_view settings_query = R"(
SELECT name, pg_catalog.current_setting(name) FROM pg_catalog.unnest(
  ARRAY['search_path', 'TimeZone', 'DateStyle', 'IntervalStyle', 'standard_conforming_strings']) AS name)";

constexpr std::string_view roles_query = R"(
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_catalog.pg_roles
WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY rolname)";

constexpr std::string_view members_query = R"(
SELECT r.rolname, m.rolname, a.admin_option FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE m.rolname !~ '^pg_' ORDER BY r.rolname, m.rolname)";

Result<std::vector<db::Row>> ask(db::Session& session, std::string_view query) {
  auto rows = session.query(query);
  if (rows) return *std::move(rows);
  return fail(db::to_diagnostic(rows.error()).note("state", "nothing was changed"), ExitCode::unreachable);
}

bool is_true(const std::optional<std::string>& value) { return value == "t"; }

// Everybody may log in: the copy has no passwords, and nobody else can reach it.
std::string create_role(const db::Row& row) {
  constexpr std::string_view words[] = {"SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"};
  std::string sql = fmt::format("CREATE ROLE {} LOGIN", quote_identifier(row[0].value_or("")));
  for (std::size_t i = 0; i < std::size(words); ++i) {
    sql += fmt::format(" {}{}", is_true(row[i + 1]) ? "" : "NO", words[i]);
  }
  return sql;
}

}  // namespace

Result<Surroundings> read_surroundings(db::Session& session) {
  Surroundings result;
  MIGRATE_TRY_ASSIGN(const auto databases, ask(session, database_query));
  const db::Row& row = databases.front();
  result.database = row[0].value_or("");
  result.user = row[1].value_or("");
  result.superuser = is_true(row[2]);
  result.may_make_databases = is_true(row[3]);
  result.owner = row[4].value_or("");
  result.encoding = row[5].value_or("");
  result.collate = row[6].value_or("");
  result.ctype = row[7].value_or("");
  result.may_make_schemas = is_true(row[8]);
  MIGRATE_TRY_ASSIGN(const auto extensions, ask(session, extensions_query));
  for (const auto& one : extensions) result.extensions.push_back(one[0].value_or(""));
  MIGRATE_TRY_ASSIGN(const auto settings, ask(session, settings_query));
  for (const auto& one : settings) result.settings.emplace_back(one[0].value_or(""), one[1].value_or(""));
  MIGRATE_TRY_ASSIGN(const auto roles, ask(session, roles_query));
  for (const auto& one : roles) result.role_statements.push_back(create_role(one));
  MIGRATE_TRY_ASSIGN(const auto members, ask(session, members_query));
  for (const auto& one : members) {
    result.role_statements.push_back(fmt::format("GRANT {} TO {}{}", quote_identifier(one[0].value_or("")),
                                                 quote_identifier(one[1].value_or("")),
                                                 is_true(one[2]) ? " WITH ADMIN OPTION" : ""));
  }
  MIGRATE_TRY_ASSIGN(result.populated, read_populated_views(session));
  return result;
}

}  // namespace migrate::ops
