// Statements in batches, on real servers: every row once, whatever its key is, and on again where a run stopped.
#include "integration/batch_ground.hpp"

#include <migrate/db/script.hpp>

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

using Ground = BatchGround;

namespace {

db::RevisionRun patient_set_plan() {
  auto revision = make_run("a1", std::string(set_plan));
  revision.lock_timeout = 100ms;
  revision.retry_for = 1h;
  return revision;
}

}  // namespace

TEST_CASE("an UPDATE in batches changes every row once, each batch in a transaction of its own") {
  Ground ground;
  ground.fill(23);
  const auto revision = make_run("a1", fmt::format("CREATE TABLE t ();\n{};\nCREATE TABLE u ();\n", set_plan));
  CHECK_FALSE(revision.transactional);
  ground.must_run(revision);
  CHECK(ground.touches() == "23 rows, each once");
  CHECK(ground.transactions_of_touches() == "5");
  CHECK(ground.value("SELECT count(*) FROM account WHERE plan = 'free' AND balance = 1") == "23");
  CHECK(ground.recorder.events ==
        Lines{"start 1", "done 1 CREATE TABLE", "start 2", "done 2 UPDATE 23", "start 3", "done 3 CREATE TABLE"});
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 3/3"});
  CHECK(ground.batch_of("a1") == "none");
  REQUIRE_FALSE(ground.recorder.progress.empty());
  CHECK(ground.recorder.progress.front().unit == "rows");
  CHECK(ground.recorder.progress.front().total == 23);
}

TEST_CASE("batches in a downgrade, and those of an empty table") {
  Ground ground;
  ground.fill(12);
  ground.must_run(make_run("a1", std::string(set_plan)));
  ground.database.execute("TRUNCATE touched; CREATE TABLE bare (id int PRIMARY KEY, n int)");
  ground.must_run(make_run("a1",
                           "-- migrate:batch rows=4\nDELETE FROM account WHERE plan = 'free';\n"
                           "-- migrate:batch\nUPDATE bare SET n = 1;\n",
                           db::Direction::down));
  CHECK(ground.touches() == "12 rows, each once");
  CHECK(ground.transactions_of_touches() == "3");
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 DELETE 12", "start 2", "done 2 UPDATE 0"});
  CHECK(journal_rows(ground.database).empty());
}

TEST_CASE("keys of every kind are walked along") {
  Ground ground;
  ground.database.execute(
      "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad'); CREATE DOMAIN code AS text CHECK (VALUE <> '');\n"
      "CREATE COLLATION IF NOT EXISTS other (provider = icu, locale = 'sv')");
  struct Case {
    std::string columns, key, values;  // values of number n, one for each of 1 to 60
  };
  const Case cases[] = {
      {"k int", "k", "(n * 7919) % 1000 - 500"},
      {"k bigint", "k", "(9223372036854775807 - n)"},
      {"k text", "k", "E'it''s \\\\ \"' || chr(96 + n % 26) || ',' || n || E'\\n'"},
      {"k varchar(40) COLLATE other", "k", "chr(192 + n) || n"},
      {"k char(8)", "k", "lpad(n::text, 5)"},
      {"k code", "k", "'c' || n"},
      {"k uuid", "k", "md5(n::text)::uuid"},
      {"k timestamptz", "k",
       "'2026-03-29 00:30 Europe/Berlin'::timestamptz + n * interval '17 minutes 0.123456 seconds'"},
      {"k date", "k", "'infinity'::date - 0 * n"},
      {"k interval", "k", "n * interval '1 month 3 days 04:05:06'"},
      {"k numeric", "k", "(n / 7.0)::numeric(20, 10)"},
      {"k float8", "k", "CASE n WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' ELSE sqrt(n) END::float8"},
      {"k bytea", "k", "decode(md5(n::text), 'hex')"},
      {"k inet", "k", "'10.0.0.0'::inet + n"},
      {"k int[]", "k", "ARRAY[n % 5, n]"},
      {"k \"char\", l int", "k, l", "chr(97 + n % 5)::\"char\", n"},
      {"k mood, \"L\" text, m int", "k, \"L\", m", "(enum_range(NULL::mood))[1 + n % 3], 'x' || n % 4, n"},
      {"k boolean, l date, m varchar(5)", "m, k, l", "n % 2 = 0, '2026-01-01'::date + n % 3, n::text"},
  };
  for (const auto& one : cases) {
    INFO(one.columns);
    // One value of `date` alone is not enough for sixty rows.
    const std::string rows = one.columns == "k date" ? "1" : "60";
    ground.database.execute(
        fmt::format("DROP TABLE IF EXISTS w; CREATE TABLE w ({0}, n int NOT NULL DEFAULT 0, PRIMARY KEY ({1}));\n"
                    "INSERT INTO w SELECT {2}, 0 FROM generate_series(1, {3}) n ORDER BY md5(n::text); DELETE FROM "
                    "migrate_revision",
                    one.columns, one.key, one.values, rows));
    ground.must_run(make_run("a1", "SET datestyle TO 'SQL, DMY';\n-- migrate:batch rows=7\nUPDATE w SET n = n + 1;\n"));
    CHECK(ground.value("SELECT count(*) || ' ' || min(n) || ' ' || max(n) FROM w") == rows + " 1 1");
  }
}

TEST_CASE("in batches, statements of every shape do what they do at once") {
  Ground ground;
  const std::string base =
      "CREATE TABLE t (id int PRIMARY KEY, a int, b text, grp int);\n"
      "INSERT INTO t SELECT n, CASE WHEN n % 3 > 0 THEN n END, 'b' || n % 7, n % 10 FROM generate_series(1, 100) n;\n"
      "CREATE TABLE u (id int PRIMARY KEY, grp int, name text); INSERT INTO u SELECT n, n % 10, 'u' || n FROM "
      "generate_series(1, 40) n;\n"
      "CREATE TABLE dst (id int, name text, UNIQUE (id));\n"
      "CREATE TABLE part (id int, region text, n int DEFAULT 0, PRIMARY KEY (region, id)) PARTITION BY LIST (region);\n"
      "CREATE TABLE part_a PARTITION OF part FOR VALUES IN ('a'); CREATE TABLE part_b PARTITION OF part DEFAULT;\n"
      "INSERT INTO part SELECT n, chr(97 + n % 4) FROM generate_series(1, 50) n;\n"
      "CREATE TABLE parent (id int PRIMARY KEY, n int DEFAULT 0); CREATE TABLE child (x int) INHERITS (parent);\n"
      "INSERT INTO parent SELECT n FROM generate_series(1, 20) n; INSERT INTO child SELECT n FROM generate_series(10, "
      "40) n;\n";
  const std::string statements[] = {
      "UPDATE t SET a = 0 WHERE a IS NULL",
      "UPDATE t SET a = 1 WHERE a = 2 OR b = 'b3'",
      "UPDATE t AS x SET a = x.grp, b = upper(b) WHERE x.id % 2 = 0 RETURNING x.id",
      "UPDATE t SET a = u.id FROM u WHERE u.id = t.id AND u.name <> 'u7'",
      "UPDATE t SET (a, b) = (SELECT u.id, u.name FROM u WHERE u.id = t.id)",
      "UPDATE t SET b = v.names FROM (SELECT grp, string_agg(name, ',' ORDER BY id) AS names FROM u GROUP BY grp) v "
      "WHERE v.grp = t.grp",
      "WITH big AS (SELECT id FROM u WHERE id > 20) UPDATE t SET a = -1 FROM big WHERE big.id = t.id",
      "UPDATE t SET a = (SELECT id FROM u WHERE u.grp = t.grp ORDER BY id LIMIT 1) WHERE EXISTS (SELECT FROM u WHERE "
      "u.grp = t.grp)",
      "DELETE FROM t WHERE a IS NULL",
      "DELETE FROM t USING u WHERE u.id = t.id RETURNING t.*",
      "DELETE FROM t WHERE id IN (SELECT id FROM u)",
      "DELETE FROM t",
      "INSERT INTO dst SELECT id, b FROM t WHERE a IS NOT NULL",
      "INSERT INTO dst (id, name) SELECT t.id, coalesce(u.name, 'none') FROM t LEFT JOIN u ON u.id = t.id ORDER BY "
      "t.id",
      "INSERT INTO dst SELECT t.id, u.name FROM t, u WHERE u.id = t.id ON CONFLICT (id) DO UPDATE SET name = 'again' "
      "WHERE dst.id > 0",
      "INSERT INTO dst SELECT id, b FROM t WHERE NOT EXISTS (SELECT FROM u WHERE u.id = t.id) RETURNING id",
      "INSERT INTO dst SELECT old.id - 1000, b FROM ONLY t AS old WHERE old.id < 50 FOR UPDATE",
      "UPDATE part SET n = n + id",
      "DELETE FROM part WHERE id % 3 = 0",
      "UPDATE parent SET n = n + 1",
      "UPDATE ONLY parent SET n = n + 1 WHERE id > 3",
      "DELETE FROM parent p WHERE p.id BETWEEN 5 AND 15",
  };
  const std::string sight =
      "SELECT md5(concat((SELECT string_agg(t::text, ';' ORDER BY t::text) FROM t), (SELECT string_agg(d::text, ';' "
      "ORDER BY "
      "d::text) FROM dst d), (SELECT string_agg(p::text, ';' ORDER BY p::text) FROM part p), (SELECT "
      "string_agg(p.tableoid::regclass "
      "|| p::text, ';' ORDER BY p.tableoid::regclass::text, p::text) FROM parent p)))";
  for (const auto& statement : statements) {
    INFO(statement);
    const auto begin_anew = [&] {
      ground.database.execute("DROP TABLE IF EXISTS t, u, dst, part, parent, child; DELETE FROM migrate_revision;" +
                              base);
    };
    begin_anew();
    const std::string before = ground.value(sight);
    ground.database.execute(statement);
    const std::string expected = ground.value(sight);
    CHECK(before != expected);
    for (const int rows : {1, 7, 1000}) {
      begin_anew();
      ground.must_run(make_run("a1", fmt::format("-- migrate:batch rows={}\n{};\n", rows, statement)));
      CHECK(ground.value(sight) == expected);
    }
  }
}

TEST_CASE("what fails in a batch leaves the batches before it, and the next run goes on behind them") {
  Ground ground;
  ground.fill(23);
  ground.database.execute("ALTER TABLE account ADD CHECK (id <> 30 OR plan IS DISTINCT FROM 'free')");
  const auto revision = make_run("a1", "CREATE TABLE t ();\n" + std::string(set_plan) + ";\n");
  const auto failure = ground.failure_of(revision);
  CHECK("\n" + told(failure, revision, ground.session) == R"(
error[check-violation]: new row for relation "account" violates check constraint "account_check"
  --> migrations/a1.sql:3:1
   |
 3 | UPDATE account SET plan = 'free', balance = balance + 1;
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 of 2, outside a transaction
   |
   = postgres: SQLSTATE 23514
   = note: the server says more, which may hold values of rows: `--show-detail` shows it
   = state: NOT rolled back: statement 1 done, statement 2 stopped after 2 batches (10 rows); a1 is marked as unfinished
help: mend the rows that break the constraint, then run `migrate upgrade` again: it goes on at statement 2, after the batches that are done
exit 5
)");
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/2"});
  CHECK(ground.touches() == "10 rows, each once");
  CHECK(
      ground.batch_of("a1") ==
      R"({"end": ["46"], "key": ["id"], "rows": 10, "seen": 10, "after": ["20"], "shape": "UPDATE SET balance, plan", "table": "public.account", "batches": 2, "direction": "up", "statement": 2})");

  ground.database.execute("ALTER TABLE account DROP CONSTRAINT account_check");
  ground.must_run(resumed(revision, 1));
  CHECK(ground.touches() == "23 rows, each once");
  CHECK(ground.recorder.events == Lines{"start 2", "done 2 UPDATE 23"});
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 2/2"});
}

TEST_CASE("an error's place is the statement's own, though more was sent") {
  Ground ground;
  ground.fill(3);
  const auto revision = make_run(
      "a1", "-- migrate:batch rows=2\nUPDATE account SET plan = 'é' WHERE id > 0 AND pla IS NULL RETURNING idd;\n");
  const auto failure = ground.failure_of(revision);
  CHECK("\n" + told(failure, revision, ground.session) == R"(
error[undefined-column]: column "pla" does not exist
  --> migrations/a1.sql:2:48
   |
 2 | UPDATE account SET plan = 'é' WHERE id > 0 AND pla IS NULL RETURNING idd;
   |                                                ^^^ statement 1 of 1, outside a transaction
   |
   = postgres: SQLSTATE 42703
   = hint: Perhaps you meant to reference the column "account.plan".
   = state: nothing of a1 was kept; )" + ground.database.name() +
                                                              R"( is as before this revision
help: correct the statement, then run `migrate upgrade` again
exit 4
)");
  CHECK(journal_rows(ground.database).empty());
}

TEST_CASE("where a person says what is done, a walk that was cut off counts no longer") {
  Ground ground;
  ground.fill(23);
  ground.database.execute("ALTER TABLE account ADD CHECK (id <> 30 OR plan IS DISTINCT FROM 'free')");
  const auto revision = make_run("a1", "CREATE TABLE t ();\n" + std::string(set_plan) + ";\n");
  CHECK(ground.failure_of(revision).aftermath == db::Aftermath::left_behind);
  CHECK(ground.batch_of("a1") != "none");
  SECTION("of the whole revision") {
    must(ground.session.execute(ground.journal.marked_applied_sql(revision::RevisionId("a1"))));
  }
  SECTION("of its statements") {
    must(ground.session.execute(ground.journal.marked_done_sql(revision::RevisionId("a1"), 1)));
  }
  CHECK(ground.batch_of("a1") == "none");
}

TEST_CASE("a script's block walks too, whatever characters are in the statement") {
  Ground ground;
  ground.fill(23);
  const auto revision = make_run(
      "a1",
      "-- migrate:batch rows=5\nUPDATE account SET plan = '\x01 $migrate$' WHERE plan IS DISTINCT FROM '\x01 old'");
  ground.database.execute(db::batch_block(ground.journal, revision, 0));
  CHECK(ground.touches() == "23 rows, each once");
  CHECK(ground.transactions_of_touches() == "5");
  CHECK(ground.value("SELECT count(*) FROM account WHERE plan = chr(1) || ' $migrate$'") == "23");
}

TEST_CASE("an interrupt between two batches keeps what is done") {
  Interrupt interrupt;
  Ground ground(&interrupt);
  ground.fill(23);
  const auto revision = make_run("a1", "-- migrate:batch rows=5 pause=1h\nUPDATE account SET balance = balance + 1;\n");
  ground.recorder.on_progress = [&](const db::Progress&) { interrupt.raise(); };
  const auto failure = ground.failure_of(revision);
  CHECK(failure.server_error.interrupted);
  CHECK(failure.aftermath == db::Aftermath::left_behind);
  CHECK(ground.touches() == "5 rows, each once");
  db::Session again = connect(ground.database.conninfo());
  Recorder quiet;
  const auto rest = resumed(make_run("a1", "-- migrate:batch rows=9\nUPDATE account SET balance = balance + 1;\n"), 0);
  CHECK(db::run_revision(again, ground.journal, rest, quiet));
  CHECK(ground.touches() == "23 rows, each once");
}

TEST_CASE("an interrupt within the first batch leaves nothing") {
  Interrupt interrupt;
  Ground ground(&interrupt);
  ground.fill(23);
  const auto revision = make_run(
      "a1", "-- migrate:batch rows=5\nUPDATE account SET balance = balance + 1 WHERE pg_sleep(30) IS NOT NULL;\n");
  InterruptLater later(interrupt, 300ms);
  const auto failure = ground.failure_of(revision);
  CHECK(failure.server_error.interrupted);
  CHECK(failure.aftermath == db::Aftermath::rolled_back);
  CHECK(journal_rows(ground.database).empty());
  CHECK(ground.touches() == "0 rows, each once");
}

TEST_CASE("a batch that gets no lock is tried again, and the next ones have all the time again") {
  Ground ground;
  ground.fill(23);
  const auto revision = patient_set_plan();
  Connection holder = ground.database.connect();
  holder.execute("BEGIN; SELECT FROM account WHERE id = 30 FOR UPDATE");
  ground.recorder.on_lock_failure = [&](const db::LockFailure& failure) {
    CHECK(failure.statement == 0);
    if (failure.tries == 2) holder.execute("ROLLBACK");
  };
  ground.must_run(revision);
  CHECK(ground.recorder.lock_failures.size() >= 2);
  CHECK(ground.touches() == "23 rows, each once");
}

TEST_CASE("a table that is locked as a whole is waited for, too") {
  Ground ground;
  ground.fill(7);
  const auto revision = patient_set_plan();
  Connection holder = ground.database.connect();
  holder.execute("BEGIN; LOCK TABLE account IN ACCESS EXCLUSIVE MODE");
  ground.recorder.on_lock_failure = [&](const db::LockFailure&) { holder.execute("ROLLBACK"); };
  ground.must_run(revision);
  CHECK(ground.touches() == "7 rows, each once");
}

TEST_CASE("rows that come behind the end while it walks are not its business: it ends") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE t (id serial PRIMARY KEY, n int DEFAULT 0); INSERT INTO t SELECT FROM generate_series(1, 10);\n"
      "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t DEFAULT VALUES; RETURN NULL; "
      "END $$;\n"
      "CREATE TRIGGER more AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION more()");
  ground.must_run(make_run("a1", "-- migrate:batch rows=3\nUPDATE t SET n = n + 1;\n"));
  CHECK(ground.value(
            "SELECT string_agg(n || ': ' || c, ', ' ORDER BY n) FROM (SELECT n, count(*) c FROM t GROUP BY n) x") ==
        "0: 10, 1: 10");
}
