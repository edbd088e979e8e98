#include "ops/rehearsal/reach.hpp"
#include "support/catch.hpp"

using migrate::ops::Reach;

namespace {

Reach reach(std::string_view text) { return migrate::ops::reach_of(migrate::sql::examine_statement(text), text); }

}  // namespace

TEST_CASE("a statement about what a server has once reaches the whole server") {
  for (const char* text : {"CREATE ROLE reporting",
                           "create user u PASSWORD 'x'",
                           "ALTER GROUP g ADD USER u",
                           "DROP ROLE IF EXISTS a, b",
                           "ALTER ROLE ALL SET work_mem = '1MB'",
                           "GRANT a TO b",
                           "REVOKE ADMIN OPTION FOR a FROM b",
                           "GRANT a TO b WITH INHERIT TRUE",
                           "CREATE DATABASE other",
                           "ALTER DATABASE app SET work_mem = '1MB'",
                           "DROP DATABASE other WITH (FORCE)",
                           "ALTER TABLESPACE t RENAME TO u",
                           "DROP TABLESPACE t",
                           "ALTER SYSTEM SET work_mem = '1MB'",
                           "ALTER SYSTEM RESET ALL",
                           "DROP OWNED BY a",
                           "REASSIGN OWNED BY a TO b",
                           "ALTER SUBSCRIPTION s DISABLE",
                           "DROP SUBSCRIPTION s",
                           "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)",
                           "GRANT CONNECT ON DATABASE app TO a",
                           "GRANT SET ON PARAMETER work_mem TO a",
                           "REVOKE CREATE ON TABLESPACE t FROM a",
                           "COMMENT ON ROLE a IS 'x'",
                           "COMMENT ON DATABASE app IS 'x'",
                           "SECURITY LABEL FOR x ON ROLE a IS 'y'"}) {
    INFO(text);
    CHECK(reach(text).kind == Reach::Kind::server);
  }
}

TEST_CASE("a statement that reaches out of its server has no place in a copy") {
  CHECK(reach("CREATE TABLESPACE t LOCATION '/mnt'").kind == Reach::Kind::further);
  CHECK(reach("CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p").kind == Reach::Kind::further);
}

TEST_CASE("a statement about a database's own things stays in it") {
  for (const char* text :
       {"CREATE TABLE t (role text)", "GRANT SELECT ON t TO a", "GRANT SELECT ON database TO a",
        "REVOKE ALL ON SCHEMA s FROM a", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a",
        "CREATE USER MAPPING FOR a SERVER s", "CREATE USER MAPPING IF NOT EXISTS FOR a SERVER s",
        "ALTER USER MAPPING FOR a SERVER s OPTIONS (SET x 'y')", "DROP USER MAPPING FOR a SERVER s",
        "COMMENT ON COLUMN t.role IS 'ON DATABASE x'", "COMMENT ON TABLE t IS 'x'", "ALTER TABLE t OWNER TO a",
        "DO $$ BEGIN CREATE TABLE t (id int); RAISE NOTICE 'create role'; END $$", "SELECT 'DROP DATABASE x'"}) {
    INFO(text);
    CHECK(reach(text).kind == Reach::Kind::database);
  }
}

TEST_CASE("a DO block reaches as far as the statements in it, and the texts that it runs") {
  CHECK(reach("DO $$ BEGIN IF true THEN CREATE ROLE a; END IF; END $$").kind == Reach::Kind::server);
  CHECK(reach("DO $$ BEGIN IF true THEN CREATE ROLE a; END IF; END $$").summary == "CREATE ROLE a");
  CHECK(reach("DO $$ BEGIN EXECUTE 'DROP DATABASE other'; END $$").kind == Reach::Kind::server);
  CHECK(reach("DO $$ BEGIN EXECUTE format($q$ALTER DATABASE %I SET jit = off$q$, current_database()); END $$").kind ==
        Reach::Kind::server);
  CHECK(reach("DO $$ BEGIN EXECUTE 'LOCK TABLE t'; END $$").kind == Reach::Kind::unknown);
  CHECK(reach("DO LANGUAGE plpython3u $$ pass $$").kind == Reach::Kind::unknown);
  CHECK(reach("CALL make_roles()").kind == Reach::Kind::unknown);
}
