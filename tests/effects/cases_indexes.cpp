#include "effects/cases.hpp"

namespace migrate::test {

std::vector<Case> index_cases() {
  const auto plain = Fixture::plain;
  const auto p = Fixture::partitioned;
  const std::string parent_index = "CREATE INDEX i ON ONLY t (b); CREATE INDEX i_p ON t_p (b)";
  return {
      {"", "CREATE INDEX i ON t (b)"},
      {"", "CREATE UNIQUE INDEX i ON t (id, a)"},
      {"", "CREATE INDEX IF NOT EXISTS t_a ON t (a)"},
      {"", "CREATE INDEX CONCURRENTLY i ON t (b)", plain},
      {"", "CREATE INDEX i ON ONLY t (b)", p},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t", "CREATE INDEX i ON m (b)"},
      {"", "DROP INDEX t_a"},
      {"", "DROP INDEX CONCURRENTLY t_a", plain},
      {"", "DROP INDEX IF EXISTS nothing"},
      {"", "ALTER INDEX t_a RENAME TO t_b"},
      {"", "ALTER TABLE t_a RENAME TO t_b"},
      {"", "ALTER INDEX t_a SET (fillfactor = 70)", plain},
      {"", "ALTER INDEX t_a RESET (fillfactor)", plain},
      {"CREATE INDEX g ON t USING gin (to_tsvector('simple', b))", "ALTER INDEX g SET (fastupdate = off)", plain},
      {"", "ALTER INDEX t_a SET TABLESPACE migrate_effects", plain},
      {"", "ALTER INDEX t_a SET TABLESPACE pg_default", plain},
      {"CREATE INDEX e ON t ((a + 1))", "ALTER INDEX e ALTER COLUMN 1 SET STATISTICS 500", plain},
      {parent_index, "ALTER INDEX i ATTACH PARTITION i_p", p},
      {"", "REINDEX INDEX t_a", plain},
      {"", "REINDEX TABLE t", plain},
      {"", "REINDEX INDEX CONCURRENTLY t_a", plain},
      {"", "REINDEX TABLE CONCURRENTLY t", plain},
      {"", "REINDEX INDEX t_a", p},
      {"", "REINDEX TABLE t", p},
      {"", "REINDEX SCHEMA public", plain},
      {"", "REINDEX (VERBOSE) TABLE t", plain},
  };
}

std::vector<Case> maintenance_cases() {
  const auto plain = Fixture::plain;
  const auto p = Fixture::partitioned;
  return {
      {"", "VACUUM t"},
      {"", "VACUUM FULL t", plain},
      {"", "VACUUM ANALYZE t"},
      {"", "VACUUM"},
      {"", "ANALYZE t"},
      {"", "ANALYZE"},
      {"", "CLUSTER t USING t_pkey", plain},
      {"", "CLUSTER t USING t_pkey", p, 15},
      {"ALTER TABLE t CLUSTER ON t_pkey", "CLUSTER", plain},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t", "REFRESH MATERIALIZED VIEW m"},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t", "REFRESH MATERIALIZED VIEW m WITH NO DATA"},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t; CREATE UNIQUE INDEX ON m (id)",
       "REFRESH MATERIALIZED VIEW CONCURRENTLY m"},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t", "ALTER MATERIALIZED VIEW m RENAME TO m2"},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t", "ALTER MATERIALIZED VIEW m SET (fillfactor = 70)"},
      {"CREATE MATERIALIZED VIEW m AS SELECT * FROM t", "DROP MATERIALIZED VIEW m"},
      {"", "CREATE STATISTICS st ON a, b FROM t"},
      {"CREATE STATISTICS st ON a, b FROM t", "DROP STATISTICS st"},
      {"CREATE STATISTICS st ON a, b FROM t", "ALTER STATISTICS st SET STATISTICS 100"},
      {"", "CREATE PUBLICATION pub FOR TABLE t"},
      {"CREATE PUBLICATION pub", "ALTER PUBLICATION pub ADD TABLE t"},
      {"CREATE PUBLICATION pub FOR TABLE t", "ALTER PUBLICATION pub DROP TABLE t"},
      {"CREATE PUBLICATION pub FOR TABLE t", "DROP PUBLICATION pub"},
  };
}

std::vector<Case> object_cases() {
  const char* view = "CREATE VIEW w AS SELECT id, b FROM t";
  const char* mood = "CREATE TYPE mood AS ENUM ('good', 'bad'); ALTER TABLE t ADD COLUMN m mood";
  return {
      {"", "COMMENT ON TABLE t IS 'x'"},
      {"", "COMMENT ON COLUMN t.a IS 'x'"},
      {"", "COMMENT ON INDEX t_a IS 'x'"},
      {"", "COMMENT ON CONSTRAINT t_pkey ON t IS 'x'"},
      {view, "COMMENT ON VIEW w IS 'x'"},
      {"", "COMMENT ON SCHEMA public IS 'x'"},
      {"", "GRANT SELECT ON t TO pg_monitor"},
      {"GRANT SELECT ON t TO pg_monitor", "REVOKE SELECT ON t FROM pg_monitor"},
      {"", "GRANT SELECT (a) ON t TO pg_monitor"},
      {"", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor"},
      {"", "GRANT USAGE ON SCHEMA public TO pg_monitor"},
      {"", "CREATE VIEW w AS SELECT * FROM t JOIN ref USING (id)"},
      {view, "CREATE OR REPLACE VIEW w AS SELECT id, b, a FROM t"},
      {"", "CREATE OR REPLACE VIEW w AS SELECT id FROM t"},
      {view, "DROP VIEW w"},
      {view, "ALTER VIEW w RENAME TO w2"},
      {view, "ALTER VIEW w ALTER COLUMN b SET DEFAULT 'x'"},
      {view, "ALTER VIEW w SET (security_barrier = true)"},
      {view, "ALTER VIEW w OWNER TO pg_monitor"},
      {view, "ALTER VIEW w RENAME COLUMN b TO c"},
      {"", "CREATE MATERIALIZED VIEW m AS SELECT * FROM t"},
      {"", "CREATE MATERIALIZED VIEW m AS SELECT * FROM t WITH NO DATA"},
      {"", "CREATE SEQUENCE s"},
      {"CREATE SEQUENCE s", "ALTER SEQUENCE s RESTART WITH 5"},
      {"CREATE SEQUENCE s", "ALTER SEQUENCE s INCREMENT 5"},
      {"CREATE SEQUENCE s", "ALTER SEQUENCE s RENAME TO s2"},
      {"CREATE SEQUENCE s", "ALTER SEQUENCE s OWNER TO pg_monitor"},
      {"CREATE SEQUENCE s", "DROP SEQUENCE s"},
      {"", "CREATE SCHEMA other"},
      {"CREATE SCHEMA other", "DROP SCHEMA other"},
      {"", "ALTER SCHEMA public RENAME TO other"},
      {"", "CREATE TYPE mood AS ENUM ('good')"},
      {"", "CREATE TYPE pair AS (a int, b int)"},
      {mood, "ALTER TYPE mood ADD VALUE 'so'"},
      {mood, "ALTER TYPE mood RENAME VALUE 'good' TO 'well'"},
      {mood, "ALTER TYPE mood RENAME TO temper"},
      {mood, "DROP TYPE mood CASCADE"},
      {"CREATE TYPE pair AS (a int, b int)", "ALTER TYPE pair ADD ATTRIBUTE c int"},
      {"", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f()"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER FUNCTION f() RENAME TO g"},
      {"", "CREATE EXTENSION IF NOT EXISTS plpgsql"},
      {"", "SET lock_timeout = '1s'"},
      {"", "CREATE DATABASE migrate_effects", Fixture::plain},
      {"", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor"},
  };
}

std::vector<Case> row_cases() {
  const char* key = "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (ref_id) REFERENCES ref";
  const char* child = "CREATE TABLE child (t_id int REFERENCES t)";
  const char* cascading = "CREATE TABLE child (t_id int REFERENCES t ON DELETE CASCADE); INSERT INTO child VALUES (1)";
  return {
      {"", "SELECT count(*) FROM t"},
      {"", "SELECT * FROM t FOR UPDATE"},
      {"", "INSERT INTO t (id) VALUES (1000)"},
      {"", "INSERT INTO t (id) SELECT id + 1000 FROM ref"},
      {key, "INSERT INTO t (id, ref_id) VALUES (1000, 1)"},
      {"", "UPDATE t SET a = 5"},
      {"", "UPDATE t SET b = code FROM ref WHERE ref.id = t.id"},
      {key, "UPDATE t SET ref_id = 2"},
      {"", "DELETE FROM t"},
      {child, "DELETE FROM t"},
      {cascading, "DELETE FROM t"},
      {"", "MERGE INTO t USING ref ON ref.id = t.id WHEN MATCHED THEN UPDATE SET a = 1", Fixture::both, 15},
      {"", "WITH gone AS (DELETE FROM t RETURNING id) INSERT INTO ref SELECT id + 1000, 'x' FROM gone"},
      {"", "COPY t TO PROGRAM 'cat > /dev/null'", Fixture::plain},
      {"", "COPY t (id) FROM PROGRAM 'echo 5000'"},
      {"", "CREATE TEMPORARY TABLE scratch AS SELECT * FROM ref"},
  };
}

}  // namespace migrate::test
