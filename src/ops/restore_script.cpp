#include "ops/restore_script.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/lock.hpp>

namespace migrate::ops {
namespace {

constexpr std::string_view begin = R"(SET client_min_messages TO error;
BEGIN;
SELECT pg_catalog.pg_try_advisory_xact_lock({0}) AS taken, pg_catalog.txid_current() AS transaction \gset
\echo {1}:transaction
\if :taken
\else
\echo {2}
\quit
\endif
)";

// Everything that users make lives in a schema or is one of these kinds. Event triggers go first: others would fire
// them. Built-in objects have numbers below 16384 (FirstNormalObjectId). Subscriptions stay: they cannot be dropped in
// a transaction. Checked on 14 to 18.
constexpr std::string_view drop_everything = R"sql(DO $migrate$
DECLARE
  one text;
BEGIN
  FOR one IN SELECT evtname FROM pg_catalog.pg_event_trigger LOOP
    EXECUTE pg_catalog.format('DROP EVENT TRIGGER IF EXISTS %I', one);
  END LOOP;
  FOR one IN SELECT pubname FROM pg_catalog.pg_publication LOOP
    EXECUTE pg_catalog.format('DROP PUBLICATION IF EXISTS %I', one);
  END LOOP;
  FOR one IN SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' LOOP
    EXECUTE pg_catalog.format('DROP EXTENSION IF EXISTS %I CASCADE', one);
  END LOOP;
  FOR one IN SELECT pg_catalog.format('DROP CAST IF EXISTS (%s AS %s) CASCADE',
                                      pg_catalog.format_type(castsource, NULL), pg_catalog.format_type(casttarget, NULL))
             FROM pg_catalog.pg_cast WHERE oid >= 16384 LOOP
    EXECUTE one;
  END LOOP;
  FOR one IN SELECT fdwname FROM pg_catalog.pg_foreign_data_wrapper LOOP
    EXECUTE pg_catalog.format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', one);
  END LOOP;
  FOR one IN SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE pg_catalog.format('DROP SCHEMA IF EXISTS %I CASCADE', one);
  END LOOP;
  FOR one IN SELECT lanname FROM pg_catalog.pg_language WHERE oid >= 16384 LOOP
    EXECUTE pg_catalog.format('DROP LANGUAGE IF EXISTS %I CASCADE', one);
  END LOOP;
  FOR one IN SELECT amname FROM pg_catalog.pg_am WHERE oid >= 16384 LOOP
    EXECUTE pg_catalog.format('DROP ACCESS METHOD IF EXISTS %I CASCADE', one);
  END LOOP;
  PERFORM pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;
END
$migrate$;
)sql";

// Default privileges of no schema would fall upon all that is made again. They become what they are at the beginning;
// the backup has its own. Those of roles that we are not can't be changed, and don't matter to what we make.
// Checked on 14 to 18.
constexpr std::string_view forget_default_privileges = R"sql(DO $migrate$
DECLARE
  one text;
BEGIN
  FOR one IN
    WITH defaults AS (
      SELECT d.defaclacl AS acl, pg_catalog.acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END,
               d.defaclrole) AS first_acl,
        pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I ', r.rolname) AS head,
        CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
          WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END AS kind
      FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole
      WHERE d.defaclnamespace = 0 AND pg_catalog.pg_has_role(r.oid, 'USAGE')),
    changes AS (
      SELECT 1 AS turn, head || pg_catalog.format('REVOKE ALL ON %s FROM %s', kind,
        CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END) AS sql
      FROM defaults, pg_catalog.aclexplode(acl) a
      UNION
      SELECT 2, head || pg_catalog.format('GRANT %s ON %s TO %s', a.privilege_type, kind,
        CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END)
      FROM defaults, pg_catalog.aclexplode(first_acl) a)
    SELECT sql FROM changes ORDER BY turn, sql
  LOOP
    EXECUTE one;
  END LOOP;
END
$migrate$;
)sql";

// {0}: the log's name as a literal, {1}: that of the project, {2}: what is said, {3}: makes the journal, {4}: writes
// the row. A backup from before the first run has no journal; one in another schema is found by the next run. A
// database may have the journals of several projects: one of them must be ours.
constexpr std::string_view finish = R"sql(RESET ALL;
SET client_encoding TO 'UTF8';
DO $migrate$
DECLARE
  place text;
  project text;
  other text := '';
  found boolean := false;
  ours boolean := {1} = '';
BEGIN
  FOR place IN SELECT pg_catalog.format('%I.migrate_log', n.nspname) FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'migrate_log' AND c.relkind = 'r'
      AND 2 = (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname IN ('id', 'project') AND NOT a.attisdropped)
      AND EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.relnamespace = n.oid AND r.relname = 'migrate_revision')
      AND coalesce(c.oid = pg_catalog.to_regclass({0}), true)
  LOOP
    found := true;
    EXECUTE pg_catalog.format('SELECT project FROM %s WHERE project IS NOT NULL ORDER BY id DESC LIMIT 1', place)
      INTO project;
    ours := ours OR coalesce(project, {1}) = {1};
    other := coalesce(project, other);
  END LOOP;
  PERFORM pg_catalog.set_config('migrate.other_project', CASE WHEN ours THEN '' ELSE other END, true),
          pg_catalog.set_config('migrate.found', found::text, true);
END
$migrate$;
SELECT pg_catalog.current_setting('migrate.other_project') AS project,
  pg_catalog.current_setting('migrate.other_project') <> '' AS of_another,
  pg_catalog.to_regclass({0}) IS NOT NULL AS there, pg_catalog.current_setting('migrate.found') AS somewhere \gset
\if :of_another
\echo {2}:project
\quit
\endif
\if :there
{4};
\elif :somewhere
\else
{3};
{4};
\endif
COMMIT;
)sql";

// A dump takes the schema `public` for granted. Source: initdb of 14, and of 15 and later.
std::string_view make_public(int version) {
  return version >= 150000
             ? "CREATE SCHEMA public AUTHORIZATION pg_database_owner;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n"
             : "CREATE SCHEMA public;\nGRANT ALL ON SCHEMA public TO PUBLIC;\n";
}

}  // namespace

RestoreScript restore_script(const db::Journal& journal, int server_version, const std::string& project,
                             const std::string& note) {
  RestoreScript script;
  script.before =
      fmt::format(fmt::runtime(begin), db::MigrationLock::key(journal.schema()), said_transaction, said_locked);
  script.before.append(drop_everything).append(forget_default_privileges).append(make_public(server_version));
  script.after = fmt::format(fmt::runtime(finish), quote_literal(journal.log_name()), quote_literal(project),
                             said_project, journal.create_sql(), journal.noted_sql(note));
  return script;
}

namespace {

// Behind its COMMIT pg_restore writes comments, and the key of `\unrestrict`.
bool is_end(std::string_view text) {
  const auto lines = split(text, '\n');
  return std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
    return trim(line).empty() || line.starts_with("--") || line.starts_with("\\unrestrict ");
  });
}

}  // namespace

std::optional<std::string> WithoutCommit::operator()(std::string_view piece) {
  constexpr std::string_view commit = "\nCOMMIT;\n";
  constexpr std::size_t longest_end = 4096;
  held_ += piece;
  if (!piece.empty()) {
    const std::size_t passes = held_.size() - std::min(held_.size(), longest_end);
    std::string passed = held_.substr(0, passes);
    held_.erase(0, passes);
    return passed;
  }
  const auto at = held_.rfind(commit);
  if (at == std::string::npos || !is_end(std::string_view(held_).substr(at + commit.size()))) return std::nullopt;
  return held_.erase(at + 1, commit.size() - 1);
}

}  // namespace migrate::ops
