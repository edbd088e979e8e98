#include "ops/restore_script.hpp"

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/lock.hpp>

namespace migrate::ops {
namespace {

constexpr std::string_view begin = R"(SET client_min_messages TO warning;
BEGIN;
SELECT pg_catalog.pg_try_advisory_xact_lock({}) AS taken \gset
\if :taken
\else
\echo {}
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

// {0}: the log's name as a literal, {1}: that of the project, {2}: what is said, {3}: the log's name, {4}: makes the
// journal, {5}: writes the row. A backup from before the first run has no journal; one in another schema is found by
// the next run.
constexpr std::string_view finish = R"(RESET ALL;
SET client_encoding TO 'UTF8';
SELECT pg_catalog.to_regclass({0}) IS NOT NULL AS there,
  EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'migrate_log' AND relkind = 'r') AS somewhere \gset
\if :there
SELECT coalesce((SELECT project FROM {3} WHERE project IS NOT NULL ORDER BY id DESC LIMIT 1), '') AS project \gset
SELECT :'project' <> '' AND {1} <> '' AND :'project' <> {1} AS of_another \gset
\if :of_another
\echo {2}:project
\quit
\endif
{5};
\elif :somewhere
\else
{4};
{5};
\endif
COMMIT;
)";

// A dump takes the schema `public` for granted. Source: initdb of 14, and of 15 and later.
std::string_view make_public(int version) {
  return version >= 150000
             ? "CREATE SCHEMA public AUTHORIZATION pg_database_owner;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n"
             : "CREATE SCHEMA public;\nGRANT ALL ON SCHEMA public TO PUBLIC;\n";
}

}  // namespace

RestoreScript restore_script(const db::Journal& journal, int server_version, const std::string& project,
                             const std::string& note) {
  const std::string log = journal.log_name();
  RestoreScript script;
  script.before = fmt::format(fmt::runtime(begin), db::MigrationLock::key(journal.schema()), said_locked);
  script.before.append(drop_everything).append(forget_default_privileges).append(make_public(server_version));
  script.after = fmt::format(fmt::runtime(finish), quote_literal(log), quote_literal(project), said_project, log,
                             journal.create_sql(), journal.noted_sql(note));
  return script;
}

}  // namespace migrate::ops
