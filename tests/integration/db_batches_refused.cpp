// Batches that bound themselves, and what is refused or stopped.
#include "integration/batch_ground.hpp"

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
