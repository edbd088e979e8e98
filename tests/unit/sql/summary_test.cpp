#include "support/catch.hpp"
#include "unit/sql/sections.hpp"

using namespace migrate;

namespace {

std::string both(std::string_view statement) {
  const auto facts = sql::examine_statement(statement);
  return facts.tag + " | " + facts.summary;
}

struct Row {
  const char* statement;
  const char* tag_and_summary;
};

void check(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    INFO(row.statement);
    CHECK(both(row.statement) == row.tag_and_summary);
  }
}

}  // namespace

TEST_CASE("definitions are named with their object as written") {
  check({
      {"CREATE TABLE users (id int)", "CREATE TABLE | CREATE TABLE users"},
      {"create table if not exists Billing.\"Order Items\" (id int)",
       "CREATE TABLE | CREATE TABLE Billing.\"Order Items\""},
      {"CREATE UNLOGGED TABLE t AS SELECT 1", "CREATE TABLE | CREATE UNLOGGED TABLE t"},
      {"CREATE TEMP TABLE t (a int)", "CREATE TABLE | CREATE TEMP TABLE t"},
      {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)",
       "CREATE INDEX CONCURRENTLY | CREATE UNIQUE INDEX CONCURRENTLY ix"},
      {"CREATE INDEX ON ONLY public.t USING gin (a)", "CREATE INDEX | CREATE INDEX ON public.t"},
      {"CREATE OR REPLACE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'select 1'",
       "CREATE FUNCTION | CREATE OR REPLACE FUNCTION app.f"},
      {"CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE MATERIALIZED VIEW | CREATE MATERIALIZED VIEW v"},
      {"CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()",
       "CREATE TRIGGER | CREATE TRIGGER touch ON users"},
      {"CREATE POLICY p ON t USING (true)", "CREATE POLICY | CREATE POLICY p ON t"},
      {"CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING", "CREATE RULE | CREATE RULE r ON t"},
      {"CREATE TYPE mood AS ENUM ('sad')", "CREATE TYPE | CREATE TYPE mood"},
      {"CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", "CREATE EXTENSION | CREATE EXTENSION \"uuid-ossp\""},
      {"CREATE SCHEMA AUTHORIZATION joe", "CREATE SCHEMA | CREATE SCHEMA AUTHORIZATION joe"},
      {"CREATE CAST (a AS b) WITHOUT FUNCTION", "CREATE CAST | CREATE CAST"},
      {"CREATE OPERATOR app.=== (leftarg = int, rightarg = int, function = f)",
       "CREATE OPERATOR | CREATE OPERATOR app.==="},
      {"CREATE ROLE app LOGIN PASSWORD 'secret'", "CREATE ROLE | CREATE ROLE app"},
      {"CREATE SUBSCRIPTION s CONNECTION 'password=secret' PUBLICATION p",
       "CREATE SUBSCRIPTION | CREATE SUBSCRIPTION s"},
      {"DROP TABLE IF EXISTS a, public.b CASCADE", "DROP TABLE | DROP TABLE a, public.b"},
      {"DROP INDEX CONCURRENTLY IF EXISTS ix", "DROP INDEX CONCURRENTLY | DROP INDEX CONCURRENTLY ix"},
      {"DROP FUNCTION f(int, text), g", "DROP FUNCTION | DROP FUNCTION f, g"},
      {"DROP TRIGGER touch ON users", "DROP TRIGGER | DROP TRIGGER touch ON users"},
      {"DROP OWNED BY app", "DROP OWNED | DROP OWNED BY app"},
  });
}

TEST_CASE("ALTER is named with what it changes") {
  check({
      {"ALTER TABLE users ADD COLUMN IF NOT EXISTS status text NOT NULL DEFAULT 'x'",
       "ALTER TABLE | ALTER TABLE users ADD COLUMN status"},
      {"ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id)",
       "ALTER TABLE | ALTER TABLE t ADD CONSTRAINT t_pkey"},
      {"ALTER TABLE t ADD PRIMARY KEY (id)", "ALTER TABLE | ALTER TABLE t ADD PRIMARY KEY"},
      {"ALTER TABLE t ADD COLUMN type text, DROP COLUMN \"Value\"",
       "ALTER TABLE | ALTER TABLE t ADD COLUMN type, DROP COLUMN \"Value\""},
      {"ALTER TABLE t ALTER COLUMN id TYPE bigint USING id::bigint, ALTER a SET NOT NULL",
       "ALTER TABLE | ALTER TABLE t ALTER COLUMN id TYPE bigint, ALTER a SET NO..."},
      {"ALTER TABLE t RENAME TO u", "ALTER TABLE | ALTER TABLE t RENAME TO u"},
      {"ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE | ALTER TABLE t RENAME COLUMN a TO b"},
      {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE | ALTER TABLE t ENABLE ROW LEVEL SECURITY"},
      {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "ALTER TABLE | ALTER TABLE t DETACH PARTITION p CONCURRENTLY"},
      {"ALTER TABLE t VALIDATE CONSTRAINT c", "ALTER TABLE | ALTER TABLE t VALIDATE CONSTRAINT c"},
      {"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad' AFTER 'sad'", "ALTER TYPE | ALTER TYPE mood ADD VALUE 'glad'"},
      {"ALTER ROLE app PASSWORD 'secret'", "ALTER ROLE | ALTER ROLE app"},
      {"ALTER DATABASE d SET search_path = a", "ALTER DATABASE | ALTER DATABASE d SET search_path"},
      {"ALTER SYSTEM SET work_mem = '4MB'", "ALTER SYSTEM | ALTER SYSTEM SET work_mem"},
      {"ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO a",
       "ALTER DEFAULT PRIVILEGES | ALTER DEFAULT PRIVILEGES"},
      {"ALTER FUNCTION f(int) OWNER TO app", "ALTER FUNCTION | ALTER FUNCTION f OWNER TO app"},
  });
}

TEST_CASE("data statements are named with their table") {
  check({
      {"INSERT INTO users VALUES ('secret')", "INSERT | INSERT INTO users"},
      {"UPDATE ONLY public.users SET a = 1", "UPDATE | UPDATE public.users"},
      {"DELETE FROM users WHERE a = 'secret'", "DELETE | DELETE FROM users"},
      {"WITH x AS (SELECT 1), y AS MATERIALIZED (DELETE FROM b) INSERT INTO a SELECT * FROM x",
       "INSERT | INSERT INTO a"},
      {"MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", "MERGE | MERGE INTO a"},
      {"TRUNCATE TABLE a, ONLY b RESTART IDENTITY", "TRUNCATE | TRUNCATE a, b"},
      {"COPY t (a, b) FROM stdin WITH (FORMAT csv)", "COPY | COPY t FROM stdin"},
      {"SELECT setval('secret',\n   5), count(*) -- all\n FROM t", "SELECT | SELECT setval('...', 5), count(*) FROM t"},
      {"WITH x AS (SELECT 1) SELECT * FROM (SELECT 2) y", "SELECT | SELECT * FROM (SELECT 2) y"},
      {"VALUES (1)", "SELECT | VALUES (1)"},
  });
}

TEST_CASE("other commands are named by their words") {
  check({
      {"DO $$ begin end $$", "DO | DO"},
      {"CALL app.p(1, 'secret')", "CALL | CALL app.p"},
      {"GRANT SELECT (a), UPDATE ON t TO joe", "GRANT | GRANT SELECT, UPDATE ON t"},
      {"REVOKE ALL ON SCHEMA s FROM joe", "REVOKE | REVOKE ALL ON SCHEMA s"},
      {"comment on column users.email is 'secret'", "COMMENT | COMMENT ON COLUMN users.email"},
      {"COMMENT ON CONSTRAINT c ON t IS 'x'", "COMMENT | COMMENT ON CONSTRAINT c ON t"},
      {"COMMENT ON MATERIALIZED VIEW v IS NULL", "COMMENT | COMMENT ON MATERIALIZED VIEW v"},
      {"SET LOCAL lock_timeout = '5s'", "SET | SET LOCAL lock_timeout"},
      {"SET SESSION AUTHORIZATION joe", "SET | SET SESSION AUTHORIZATION joe"},
      {"RESET ALL", "RESET | RESET ALL"},
      {"LOCK TABLE a, b IN SHARE MODE", "LOCK TABLE | LOCK TABLE a, b"},
      {"REFRESH MATERIALIZED VIEW CONCURRENTLY v",
       "REFRESH MATERIALIZED VIEW CONCURRENTLY | REFRESH MATERIALIZED VIEW CONCURRENTLY v"},
      {"REINDEX (VERBOSE) INDEX CONCURRENTLY ix", "REINDEX INDEX CONCURRENTLY | REINDEX INDEX CONCURRENTLY ix"},
      {"VACUUM (FULL) a, b", "VACUUM | VACUUM a, b"},
      {"VACUUM FULL VERBOSE a", "VACUUM | VACUUM FULL VERBOSE a"},
      {"ANALYZE t (a)", "ANALYZE | ANALYZE t"},
      {"begin isolation level serializable", "BEGIN | BEGIN"},
      {"START TRANSACTION READ ONLY", "START TRANSACTION | START TRANSACTION"},
      {"ROLLBACK TO SAVEPOINT a", "ROLLBACK TO SAVEPOINT | ROLLBACK TO SAVEPOINT a"},
      {"RELEASE a", "RELEASE SAVEPOINT | RELEASE SAVEPOINT a"},
      {"DISCARD ALL", "DISCARD ALL | DISCARD ALL"},
      {"EXPLAIN SELECT 'secret'", "EXPLAIN | EXPLAIN SELECT '...'"},
      {"TABEL users ADD 'secret'", "TABEL | TABEL users ADD '...'"},
      {"", " | "},
  });
}

TEST_CASE("a summary takes at most sixty columns") {
  const std::string name(100, 'x');
  CHECK(sql::examine_statement("DROP TABLE " + name).summary == "DROP TABLE " + std::string(46, 'x') + "...");
}
