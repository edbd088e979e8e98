#include "effects/cases.hpp"

namespace migrate::test {
namespace {

constexpr const char* trigger_function =
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

std::string with_trigger() {
  return std::string(trigger_function) + "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()";
}

}  // namespace

std::vector<Case> table_cases() {
  return {
      {"", "CREATE TABLE n (id int PRIMARY KEY)"},
      {"", "CREATE TABLE IF NOT EXISTS t (id int)"},
      {"", "CREATE TABLE n (id int REFERENCES ref)"},
      {"", "CREATE TABLE n (t_id int, FOREIGN KEY (t_id) REFERENCES t)"},
      {"", "CREATE TABLE n (LIKE t)"},
      {"", "CREATE TABLE n (LIKE t INCLUDING ALL)"},
      {"", "CREATE TABLE n () INHERITS (ref)"},
      {"", "CREATE TABLE n AS SELECT * FROM t"},
      {"", "CREATE TABLE n AS SELECT * FROM t WITH NO DATA"},
      {"", "SELECT * INTO n FROM t"},
      {"", "DROP TABLE t"},
      {"", "DROP TABLE IF EXISTS nothing"},
      {"ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES ref", "DROP TABLE t"},
      {"CREATE TABLE child (t_id int REFERENCES t)", "DROP TABLE t CASCADE"},
      {"CREATE VIEW w AS SELECT * FROM t", "DROP TABLE t CASCADE"},
      {"ALTER TABLE t ADD COLUMN k serial", "DROP TABLE t"},
      {"", "DROP TABLE t, ref"},
      {"", "ALTER TABLE t RENAME TO u"},
      {"", "ALTER TABLE t RENAME COLUMN a TO c"},
      {"CREATE SCHEMA other", "ALTER TABLE t SET SCHEMA other"},
      {"CREATE SCHEMA other; ALTER TABLE t ADD COLUMN k serial", "ALTER TABLE t SET SCHEMA other"},
      {"", "ALTER TABLE t OWNER TO pg_monitor"},
      {"ALTER TABLE t ADD COLUMN k serial", "ALTER TABLE t OWNER TO pg_monitor"},
      {"", "ALTER TABLE t SET UNLOGGED", Fixture::plain},
      {"ALTER TABLE t SET UNLOGGED", "ALTER TABLE t SET LOGGED", Fixture::plain},
      {"ALTER TABLE t ADD COLUMN k serial", "ALTER TABLE t SET UNLOGGED", Fixture::plain},
      {"", "ALTER TABLE t SET (fillfactor = 70)", Fixture::plain},
      {"", "ALTER TABLE t SET (autovacuum_enabled = false)", Fixture::plain},
      {"", "ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0.1, toast_tuple_target = 200)", Fixture::plain},
      {"", "ALTER TABLE t SET (user_catalog_table = true)", Fixture::plain},
      {"", "ALTER TABLE t SET (parallel_workers = 2)", Fixture::plain},
      {"ALTER TABLE t SET (fillfactor = 70)", "ALTER TABLE t RESET (fillfactor)", Fixture::plain},
      {"", "ALTER TABLE t CLUSTER ON t_pkey", Fixture::plain},
      {"ALTER TABLE t CLUSTER ON t_pkey", "ALTER TABLE t SET WITHOUT CLUSTER", Fixture::plain},
      {"", "ALTER TABLE t REPLICA IDENTITY FULL", Fixture::both},
      {"", "ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey", Fixture::both},
      {"", "ALTER TABLE t ENABLE ROW LEVEL SECURITY"},
      {"", "ALTER TABLE t FORCE ROW LEVEL SECURITY"},
      {"", "ALTER TABLE t SET ACCESS METHOD heap", Fixture::plain, 15},
      {"CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler", "ALTER TABLE t SET ACCESS METHOD heap2",
       Fixture::plain, 15},
      {"", "ALTER TABLE t SET TABLESPACE pg_default"},
      {"", "ALTER TABLE t SET TABLESPACE migrate_effects", Fixture::both},
      {"CREATE TYPE kind AS (id int, code text)", "ALTER TABLE ref OF kind", Fixture::plain},
      {"CREATE TYPE kind AS (id int, code text); CREATE TABLE typed OF kind", "ALTER TABLE typed NOT OF",
       Fixture::plain},
      {with_trigger(), "ALTER TABLE t DISABLE TRIGGER g"},
      {with_trigger(), "ALTER TABLE t ENABLE ALWAYS TRIGGER g"},
      {with_trigger(), "ALTER TABLE t DISABLE TRIGGER ALL"},
      {"CREATE RULE q AS ON DELETE TO t DO ALSO NOTHING", "ALTER TABLE t DISABLE RULE q"},
      {trigger_function, "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"},
      {trigger_function, "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f()"},
      {trigger_function, "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()",
       Fixture::plain},
      {with_trigger(), "DROP TRIGGER g ON t"},
      {with_trigger(), "ALTER TRIGGER g ON t RENAME TO h"},
      {"", "CREATE POLICY p ON t USING (a > 0)"},
      {"CREATE POLICY p ON t USING (a > 0)", "ALTER POLICY p ON t USING (a > 1)"},
      {"CREATE POLICY p ON t USING (a > 0)", "ALTER POLICY p ON t RENAME TO q"},
      {"CREATE POLICY p ON t USING (a > 0)", "DROP POLICY p ON t"},
      {"", "CREATE RULE q AS ON DELETE TO t DO ALSO NOTHING"},
      {"CREATE RULE q AS ON DELETE TO t DO ALSO NOTHING", "DROP RULE q ON t"},
      {"CREATE RULE q AS ON DELETE TO t DO ALSO NOTHING", "ALTER RULE q ON t RENAME TO z"},
      {"", "TRUNCATE t"},
      {"", "TRUNCATE t, ref"},
      {"CREATE TABLE child (t_id int REFERENCES t); CREATE TABLE grandchild (id int)", "TRUNCATE t CASCADE"},
      {"CREATE TABLE child (id int PRIMARY KEY REFERENCES t); CREATE TABLE grandchild (c int REFERENCES child)",
       "TRUNCATE t CASCADE"},
      {"ALTER TABLE t ADD COLUMN k serial", "TRUNCATE t RESTART IDENTITY"},
      {"", "LOCK TABLE t"},
      {"", "LOCK TABLE t IN SHARE MODE"},
      {"", "LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE NOWAIT"},
      {"", "LOCK TABLE t, ref IN ACCESS SHARE MODE"},
      {"CREATE VIEW w AS SELECT * FROM t", "LOCK TABLE w IN EXCLUSIVE MODE"},
      {"CREATE TABLE parent (id int NOT NULL, code text); ALTER TABLE ref ALTER id SET NOT NULL",
       "ALTER TABLE ref INHERIT parent", Fixture::plain},
      {"CREATE TABLE parent (id int NOT NULL, code text); ALTER TABLE ref INHERIT parent",
       "ALTER TABLE ref NO INHERIT parent", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "ALTER TABLE ref ADD COLUMN c int", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "ALTER TABLE ref ADD CHECK (id > 0)", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "ALTER TABLE ref ADD CHECK (id > 0) NO INHERIT", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "DROP TABLE heir", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "DROP TABLE ref CASCADE", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "TRUNCATE ref", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "CREATE INDEX ON ref (code)", Fixture::plain},
      {"CREATE TABLE heir () INHERITS (ref)", "SELECT * FROM ref", Fixture::plain},
  };
}

std::vector<Case> partition_cases() {
  const std::string fresh = "CREATE TABLE n (LIKE t INCLUDING ALL); ";
  const std::string filled = fresh + "INSERT INTO n SELECT i, i FROM generate_series(100001, 100100) i; ";
  const std::string bound = "FOR VALUES FROM (100000) TO (200000)";
  const std::string with_default =
      "CREATE TABLE t_d PARTITION OF t DEFAULT; INSERT INTO t SELECT generate_series(900001, 900100); ";
  const auto p = Fixture::partitioned;
  return {
      {"", "CREATE TABLE n PARTITION OF t " + bound, p},
      {with_default, "CREATE TABLE n PARTITION OF t " + bound, p},
      {"ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES ref", "CREATE TABLE n PARTITION OF t " + bound, p},
      {"", "CREATE TABLE n PARTITION OF t DEFAULT", p},
      {filled, "ALTER TABLE t ATTACH PARTITION n " + bound, p},
      {filled + "ALTER TABLE n ADD CHECK (id >= 100000 AND id < 200000)", "ALTER TABLE t ATTACH PARTITION n " + bound,
       p},
      {with_default + filled, "ALTER TABLE t ATTACH PARTITION n " + bound, p},
      {"ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES ref;" + filled, "ALTER TABLE t ATTACH PARTITION n " + bound,
       p},
      {filled, "ALTER TABLE t ATTACH PARTITION n DEFAULT", p},
      {"CREATE TABLE n (LIKE t); INSERT INTO n (id, a, x) SELECT i, i, 1 FROM generate_series(100001, 100100) i",
       "ALTER TABLE t ATTACH PARTITION n " + bound, p},
      {"", "ALTER TABLE t DETACH PARTITION t_p", p},
      {with_default, "ALTER TABLE t DETACH PARTITION t_p", p},
      {"", "ALTER TABLE t DETACH PARTITION t_p CONCURRENTLY", p, 14},
      // Where a DETACH CONCURRENTLY was interrupted.
      {"SET allow_system_table_mods = on; UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = "
       "'t_p'::regclass",
       "ALTER TABLE t DETACH PARTITION t_p FINALIZE", p, 14},
      {"ALTER TABLE t ADD FOREIGN KEY (ref_id) REFERENCES ref", "ALTER TABLE t DETACH PARTITION t_p", p},
      {"CREATE TABLE child (t_id int REFERENCES t)", "ALTER TABLE t DETACH PARTITION t_p", p},
      {"CREATE TABLE child (t_id int REFERENCES t);" + filled, "ALTER TABLE t ATTACH PARTITION n " + bound, p},
      {"CREATE TABLE child (t_id int REFERENCES t)", "CREATE TABLE n PARTITION OF t " + bound, p},
      {"", "DROP TABLE t_p", p},
      {with_default, "DROP TABLE t_p", p},
      {with_default, "DROP TABLE t_d", p},
      {"", "ALTER TABLE t_p ADD CHECK (a > 0)", p},
      {"", "ALTER TABLE t_p RENAME TO t_1", p},
      {"", "TRUNCATE t_p", p},
      {"", "CREATE INDEX ON t_p (b)", p},
      {"", "CREATE INDEX CONCURRENTLY ON t_p (b)", p},
      {"", "ALTER TABLE ONLY t ALTER COLUMN a SET DEFAULT 5", p},
      {"CREATE TABLE s PARTITION OF t FOR VALUES FROM (200000) TO (300000) PARTITION BY RANGE (id); CREATE TABLE s_1 "
       "PARTITION OF "
       "s FOR VALUES FROM (200000) TO (250000)",
       "ALTER TABLE t ADD COLUMN c int", p},
  };
}

}  // namespace migrate::test
