// Batches that bound themselves, and what is refused or stopped.
#include "integration/batch_ground.hpp"

#include <migrate/db/script.hpp>

using namespace migrate;
using namespace migrate::test;

using Ground = BatchGround;

TEST_CASE("a statement that bounds itself is repeated until it changes no row") {
  Ground ground;
  ground.fill(23);
  ground.database.execute("CREATE TABLE archive (LIKE account)");
  ground.must_run(
      make_run("a1",
               "-- migrate:batch repeat\nUPDATE account SET plan = 'free' WHERE id IN (SELECT id FROM account WHERE "
               "plan IS NULL LIMIT 5);\n"
               "-- migrate:batch repeat pause=1ms\nWITH moved AS (DELETE FROM account WHERE id IN (SELECT id FROM "
               "account WHERE id > 10 LIMIT 4) "
               "RETURNING *) INSERT INTO archive SELECT * FROM moved;\n"
               "-- migrate:batch repeat\nDELETE FROM account WHERE ctid IN (SELECT ctid FROM account LIMIT 2);\n"));
  CHECK(ground.recorder.events ==
        Lines{"start 1", "done 1 UPDATE 23", "start 2", "done 2 INSERT 18", "start 3", "done 3 DELETE 5"});
  CHECK(ground.value("SELECT count(DISTINCT xmin::text) FROM archive") == "5");
  CHECK(ground.value("SELECT count(*) FROM account") == "0");
}

TEST_CASE("a repeated UPDATE that never ends is stopped") {
  Ground ground;
  ground.fill(23);
  const auto revision = make_run("a1",
                                 "-- migrate:batch repeat\nUPDATE account SET balance = balance + 1 WHERE id IN "
                                 "(SELECT id FROM account WHERE balance >= 0 LIMIT 5);\n");
  const auto failure = ground.failure_of(revision);
  CHECK(failure.server_error.own_id == "batch-without-end");
  CHECK(failure.server_error.message ==
        "30 rows are changed, and `account` has 23: it changes rows again that it has changed");
  CHECK(failure.aftermath == db::Aftermath::left_behind);
}

TEST_CASE("what cannot be walked is refused before anything is changed") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE log (id int); CREATE TABLE loose (id int UNIQUE, k int NOT NULL); CREATE UNIQUE INDEX ON loose (k) "
      "WHERE k > 0;\n"
      "CREATE TABLE part (id int, n int, PRIMARY KEY (id, n)); CREATE TABLE unique_one (k int NOT NULL, n int);\n"
      "CREATE UNIQUE INDEX ON unique_one (k); INSERT INTO unique_one SELECT n, 0 FROM generate_series(1, 10) n;\n"
      "INSERT INTO log SELECT generate_series(1, 3); CREATE VIEW v AS SELECT * FROM unique_one");
  const auto refused = [&](const std::string& statement) {
    const auto failure = ground.failure_of(make_run("a1", "-- migrate:batch rows=5\n" + statement));
    CHECK(failure.aftermath == db::Aftermath::rolled_back);
    CHECK(journal_rows(ground.database).empty());
    return failure.server_error.own_id + ": " + failure.server_error.message;
  };
  CHECK(refused("UPDATE log SET id = 1") == "batch-without-key: `log` has no primary key to walk along");
  CHECK(refused("DELETE FROM loose") == "batch-without-key: `loose` has no primary key to walk along");
  CHECK(refused("DELETE FROM v") == "batch-without-key: `v` has no primary key to walk along");
  CHECK(refused("UPDATE part SET n = n + 1") ==
        "batch-changes-key: the statement changes `n`, which is in the key of `part`");
  CHECK(refused("INSERT INTO log SELECT max(k) FROM unique_one") == "invalid-batch: `max()` needs all rows at once");
  ground.must_run(make_run("a2", "-- migrate:batch rows=3\nUPDATE unique_one SET n = n + 1"));
  CHECK(ground.value("SELECT count(*) FROM unique_one WHERE n = 1") == "10");
}

TEST_CASE("what the catalog knows to come out otherwise in batches is refused") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE node (id int PRIMARY KEY, up int REFERENCES node ON DELETE SET NULL);\n"
      "CREATE TABLE node_part (k int, id int, up int, PRIMARY KEY (k, id)) PARTITION BY LIST (k);\n"
      "CREATE TABLE node_one PARTITION OF node_part FOR VALUES IN (1);\n"
      "ALTER TABLE node_part ADD CONSTRAINT back FOREIGN KEY (k, up) REFERENCES node_part ON DELETE SET DEFAULT;\n"
      "CREATE TABLE sum (a int, n int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY);\n"
      "CREATE TABLE leaf (id int PRIMARY KEY, up int REFERENCES leaf ON DELETE CASCADE);\n"
      "CREATE TABLE base (id int PRIMARY KEY, n int DEFAULT 0); CREATE TABLE child () INHERITS (base);\n"
      "CREATE VIEW seen AS SELECT * FROM base");
  const auto refused = [&](const std::string& statement) {
    const auto failure = ground.failure_of(make_run("a1", "-- migrate:batch rows=5\n" + statement));
    CHECK(failure.aftermath == db::Aftermath::rolled_back);
    CHECK(journal_rows(ground.database).empty());
    return failure.server_error.own_id + ": " + failure.server_error.message;
  };
  CHECK(refused("DELETE FROM node WHERE up IS NULL") ==
        "invalid-batch: to delete rows of `node` changes others of its rows: `node_up_fkey` is ON DELETE SET NULL");
  CHECK(refused("DELETE FROM node_part WHERE up IS NULL") ==
        "invalid-batch: to delete rows of `node_part` changes others of its rows: `back` is ON DELETE SET DEFAULT");
  CHECK(refused("DELETE FROM public.node_one WHERE up IS NULL")
            .starts_with("invalid-batch: to delete rows of `public.node_one` changes others of its rows: "));
  CHECK(refused("UPDATE sum SET a = a + 10") ==
        "batch-changes-key: `n`, which is in the key of `sum`, is generated from other columns");
  CHECK(refused("INSERT INTO node_one (k, id) SELECT k, id + 1000 FROM node_part") ==
        "invalid-batch: it adds rows to `node_one`, and walks along `node_part`, which is of the same tree of tables");
  CHECK(refused("INSERT INTO child SELECT id + 1000 FROM base") ==
        "invalid-batch: it adds rows to `child`, and walks along `base`, which is of the same tree of tables");
  CHECK(refused("INSERT INTO seen SELECT id + 1000 FROM leaf") ==
        "invalid-batch: it adds rows to the view `seen`: nobody can tell to which table");
  ground.database.execute(
      "CREATE VIEW of_leaf AS SELECT id FROM leaf; CREATE VIEW of_view AS SELECT id FROM of_leaf;\n"
      "CREATE MATERIALIZED VIEW kept AS SELECT id FROM leaf; CREATE TABLE other (id int PRIMARY KEY)");
  CHECK(refused("UPDATE node_part p SET up = o.up FROM node_one o WHERE o.id = p.up") ==
        "invalid-batch: it joins `node_one`, which is of the same tree of tables as `node_part`: each batch would see "
        "what "
        "those before it have done");
  CHECK(refused("DELETE FROM leaf USING public.of_view v WHERE v.id = leaf.up") ==
        "invalid-batch: it joins the view `of_view`, which reads `leaf`: each batch would see what those before "
        "it have done");
  CHECK(refused("WITH w AS (SELECT id FROM of_leaf) UPDATE leaf SET up = NULL FROM w WHERE w.id = leaf.up")
            .starts_with("invalid-batch: it joins the view `of_leaf`, which reads `leaf`: "));
  ground.must_run(make_run("a0",
                           "-- migrate:batch\nUPDATE leaf SET up = NULL FROM kept, other o WHERE kept.id = o.id;\n"
                           "-- migrate:batch\nDELETE FROM other USING of_view v WHERE v.id = other.id;\n"));
  ground.must_run(make_run("a0", "SELECT 1", db::Direction::down));
  // Since 18, a child keeps the NOT NULL that it inherits.
  const bool kept = ground.session.info().server_version_num >= 180000;
  ground.database.execute(kept ? "CREATE TABLE old (id int UNIQUE, n int, CONSTRAINT here NOT NULL id NO INHERIT);\n"
                                 "CREATE TABLE young () INHERITS (old)"
                               : "CREATE TABLE old (id int PRIMARY KEY, n int); CREATE TABLE young () INHERITS (old);\n"
                                 "ALTER TABLE young ALTER COLUMN id DROP NOT NULL");
  CHECK(refused("UPDATE old SET n = 1") ==
        "batch-without-key: `young`, which inherits from `old`, may have NULL in `id`, which is in the key");
  ground.must_run(make_run("a2",
                           "-- migrate:batch\nUPDATE node SET up = NULL;\n-- migrate:batch\nDELETE FROM leaf;\n"
                           "-- migrate:batch\nDELETE FROM sum;\n-- migrate:batch\nUPDATE ONLY old SET n = 1;\n"));
}

TEST_CASE("a move goes on where a run has moved rows and added none") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE source (id int PRIMARY KEY) PARTITION BY RANGE (id);\n"
      "CREATE TABLE one PARTITION OF source DEFAULT;\n"
      "INSERT INTO source SELECT generate_series(1, 20); CREATE TABLE archive (id int);\n"
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
      "  IF NEW.id BETWEEN 6 AND 10 THEN RETURN NULL; END IF; RETURN NEW; END $$;\n"
      "CREATE TRIGGER refuse BEFORE INSERT ON archive FOR EACH ROW EXECUTE FUNCTION refuse()");
  ground.must_run(make_run("a1",
                           "-- migrate:batch repeat\nWITH moved AS (DELETE FROM source WHERE id IN (SELECT id FROM "
                           "source ORDER BY id LIMIT 5) RETURNING *) INSERT INTO archive SELECT * FROM moved;\n"));
  CHECK(ground.value("SELECT count(*) FROM source") == "0");
  CHECK(ground.value("SELECT count(*) || ' in ' || count(DISTINCT xmin::text) FROM archive") == "15 in 3");
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 INSERT 15"});
}

TEST_CASE("keys that only all their digits tell apart are walked along, whatever the session writes") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE f (k float8 PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO f SELECT 0.1::float8 + i * 2e-17::float8 FROM generate_series(1, 60) i ON CONFLICT DO NOTHING");
  ground.must_run(make_run("a1", "SET extra_float_digits TO 0;\n-- migrate:batch rows=1\nUPDATE f SET n = n + 1;\n"));
  CHECK(ground.value("SELECT count(*) > 10 FROM f") == "t");
  CHECK(ground.value("SELECT min(n) || ' ' || max(n) FROM f") == "1 1");
}

namespace {

bool has_extension(Ground& ground, const std::string& name) {
  if (ground.value("SELECT count(*) FROM pg_available_extensions WHERE name = '" + name + "'") == "1") return true;
  WARN("SKIPPED: the server has no extension `" << name << "`");
  return false;
}

}  // namespace

TEST_CASE("a key is written as its type writes it, and what its text does not tell is not walked along") {
  Ground ground;
  ground.database.execute(
      "CREATE TYPE grade AS ENUM ('low', 'high'); CREATE FUNCTION label(grade) RETURNS text LANGUAGE sql AS $$ SELECT "
      "'the same' $$; CREATE CAST (grade AS text) WITH FUNCTION label(grade);\n"
      "CREATE TABLE g (k grade, c text COLLATE \"C\", n int NOT NULL DEFAULT 0, PRIMARY KEY (k, c));\n"
      "INSERT INTO g SELECT k::grade, c FROM unnest('{low,high}'::text[]) k, unnest('{a,B,c}'::text[]) c");
  const std::string update = "-- migrate:batch rows=1\nUPDATE g SET n = n + 1";
  ground.must_run(make_run("a1", update));
  ground.database.execute(db::batch_block(ground.journal, make_run("a2", update), 0));
  CHECK(ground.value("SELECT min(n) || ' ' || max(n) FROM g") == "2 2");

  if (!has_extension(ground, "seg")) return;  // whose texts tell less than its values
  ground.database.execute(
      "CREATE EXTENSION seg; CREATE TABLE s (k seg PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO s (k) VALUES ('1.234567'), ('1.234568'), ('2')");
  const auto failure = ground.failure_of(make_run("a3", "-- migrate:batch rows=1\nUPDATE s SET n = n + 1"));
  CHECK(failure.server_error.own_id == "batch-without-key");
  CHECK(failure.server_error.message ==
        "a key of `s` is written as (1.23457), which is another key when it is read again");
  CHECK_THROWS_WITH(ground.database.execute(db::batch_block(
                        ground.journal, make_run("a4", "-- migrate:batch rows=1\nUPDATE s SET n = n + 1"), 0)),
                    ContainsSubstring("which is another key when it is read again"));
  CHECK(ground.value("SELECT max(n) FROM s") == "0");
}

TEST_CASE("a walk compares as the index does, whatever operators are on the path") {
  Ground ground;
  if (!has_extension(ground, "citext") || !has_extension(ground, "hstore")) return;
  ground.database.execute(
      "CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext;\n"
      "CREATE TABLE one (k ext.citext PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "CREATE TABLE two (t int, k ext.citext, n int NOT NULL DEFAULT 0, PRIMARY KEY (t, k));\n"
      "CREATE TABLE three (k ext.hstore PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO one SELECT unnest('{a,B,c,D,e,F}'::text[]);\n"
      "INSERT INTO two SELECT t, k FROM generate_series(1, 2) t, unnest('{a,B,c,D,e,F}'::text[]) k;\n"
      "INSERT INTO three SELECT ext.hstore(k, 'v') FROM unnest('{a,B,c,D,e,F}'::text[]) k");
  const auto all_done = [&](const std::string& table, const std::string& times) {
    return ground.value("SELECT min(n) || ' ' || max(n) FROM " + table) == times + " " + times;
  };
  for (const std::string table : {"one", "two", "three"}) {
    INFO(table);
    const std::string update = "-- migrate:batch rows=2\nUPDATE public." + table + " SET n = n + 1";
    ground.must_run(make_run("u" + table, "SELECT pg_catalog.set_config('search_path', '', false);\n" + update));
    CHECK(all_done(table, "1"));
    const auto by_script = [&] { ground.database.execute(db::batch_block(ground.journal, make_run("s", update), 0)); };
    if (table == "two") {
      CHECK_THROWS_WITH(by_script(), ContainsSubstring("are compared by several operators"));
    } else {
      by_script();
      CHECK(all_done(table, "2"));
    }
  }
}

TEST_CASE("a key of a domain is walked along as what it is over") {
  Ground ground;
  ground.database.execute(
      "CREATE TYPE level AS ENUM ('low', 'mid', 'high'); CREATE DOMAIN de AS level; CREATE DOMAIN dd AS de;\n"
      "CREATE TABLE enums (k dd PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO enums SELECT unnest(enum_range(NULL::level));\n"
      "CREATE DOMAIN word AS varchar(10) COLLATE \"C\";\n"
      "CREATE TABLE words (k word COLLATE \"POSIX\" PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO words SELECT unnest('{a,B,c}'::text[]);\n"
      "CREATE DOMAIN small AS int; CREATE TABLE numbers (k small PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO numbers SELECT generate_series(1, 3); ALTER DOMAIN small ADD CHECK (VALUE < 2) NOT VALID");
  for (const std::string table : {"enums", "words", "numbers"}) {
    INFO(table);
    const std::string update = "-- migrate:batch rows=1\nUPDATE " + table + " SET n = n + 1";
    ground.must_run(make_run("u" + table, update));
    ground.database.execute(db::batch_block(ground.journal, make_run("s", update), 0));
    CHECK(ground.value("SELECT min(n) || ' ' || max(n) FROM " + table) == "2 2");
  }
}

TEST_CASE("a script's blocks do as a run does") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE f (k float8 PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO f SELECT 0.1::float8 + i * 2e-17::float8 FROM generate_series(1, 60) i ON CONFLICT DO NOTHING;\n"
      "CREATE TABLE d (k timestamptz PRIMARY KEY, said text); INSERT INTO d SELECT '2026-01-01'::timestamptz + i * "
      "interval '1 day' FROM generate_series(1, 20) i;\n"
      "CREATE TABLE node (id int PRIMARY KEY, up int REFERENCES node ON DELETE SET NULL);\n"
      "CREATE TABLE source (id int PRIMARY KEY); INSERT INTO source SELECT generate_series(1, 20);\n"
      "CREATE TABLE archive (id int); SET extra_float_digits TO 0; SET datestyle TO 'SQL, DMY'");
  const auto run_block = [&](const std::string& text) {
    const auto revision = make_run("a1", text);
    ground.database.execute(db::batch_block(ground.journal, revision, 0));
  };
  run_block("-- migrate:batch rows=1\nUPDATE f SET n = n + 1");
  CHECK(ground.value("SELECT count(*) > 10 AND min(n) = 1 AND max(n) = 1 FROM f") == "t");
  run_block("-- migrate:batch rows=3\nUPDATE d SET said = current_setting('datestyle') || k");
  CHECK(ground.value("SELECT count(*) FROM d WHERE said LIKE 'SQL, DMY__/01/2026%'") == "20");
  CHECK_THROWS_WITH(run_block("-- migrate:batch rows=3\nDELETE FROM node"),
                    ContainsSubstring("to delete rows of `node` changes others of its rows"));
  run_block(
      "-- migrate:batch repeat\nWITH moved AS (DELETE FROM source WHERE id IN (SELECT id FROM source ORDER BY id LIMIT "
      "5) RETURNING *) INSERT INTO archive SELECT * FROM moved WHERE id > 10");
  CHECK(ground.value("SELECT (SELECT count(*) FROM source) || ' ' || (SELECT count(*) FROM archive)") == "0 10");
}

TEST_CASE("a walk goes on only along the key that it began with") {
  Ground ground;
  ground.fill(23);
  ground.database.execute("ALTER TABLE account ADD CHECK (id <> 30 OR plan IS DISTINCT FROM 'free')");
  const auto revision = make_run("a1", std::string(set_plan));
  ground.failure_of(revision);
  ground.database.execute(
      "ALTER TABLE account DROP CONSTRAINT account_check, DROP CONSTRAINT account_pkey, ADD UNIQUE (id), "
      "ADD other serial PRIMARY KEY");
  const auto failure = ground.failure_of(resumed(revision, 0));
  CHECK(failure.server_error.own_id == "batch-key-changed");
  CHECK(failure.server_error.message == "the statement was walked along (id) when it began, and is not now");
  CHECK(failure.aftermath == db::Aftermath::left_behind);
  CHECK(ground.touches() == "10 rows, each once");
}

TEST_CASE("a journal that was made before there were batches gets a place for them") {
  Ground ground;
  ground.fill(12);
  ground.database.execute("ALTER TABLE migrate_revision DROP COLUMN batch");
  ground.must_run(make_run("a1", std::string(set_plan)));
  CHECK(ground.touches() == "12 rows, each once");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 1/1"});
}
