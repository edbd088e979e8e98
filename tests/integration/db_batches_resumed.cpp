// A walk that was cut off goes on in the statement that it was cut off in, and in no other.
#include "integration/batch_ground.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

constexpr std::string_view create = "CREATE TABLE t ();\n";

struct CutOffGround : BatchGround {
  // "a1" as it says, stopped after two batches (10 rows) of its second statement.
  CutOffGround() {
    fill(23);
    database.execute(
        "CREATE TABLE other (LIKE account INCLUDING ALL); INSERT INTO other SELECT * FROM account;\n"
        "ALTER TABLE account ADD CONSTRAINT stop CHECK (id <> 30 OR plan IS DISTINCT FROM 'free')");
    failure_of(make_run("a1", std::string(create) + std::string(set_plan)));
    database.execute("ALTER TABLE account DROP CONSTRAINT stop");
  }

  std::string refused(const std::string& text) {
    const std::string before = batch_of("a1");
    const auto failure = failure_of(resumed(make_run("a1", text), 1));
    CHECK(failure.aftermath == db::Aftermath::left_behind);
    CHECK(journal_rows(database).size() == 1);
    CHECK(batch_of("a1") == before);
    CHECK(touches() == "10 rows, each once");
    CHECK(value("SELECT count(*) FROM other WHERE plan IS NOT NULL") == "0");
    return failure.server_error.own_id + ": " + failure.server_error.message;
  }
};

}  // namespace

TEST_CASE("a walk is refused where the file has another statement in its place") {
  CutOffGround ground;
  const std::string other = "UPDATE other SET plan = 'free', balance = 0";
  CHECK(ground.refused(fmt::format("{}{};\n{}", create, other, set_plan)) ==
        "batch-key-changed: statement 2 was cut off in its batches, and does not run in batches now");
  CHECK(ground.refused(fmt::format("{}UPDATE account SET plan = 'free', balance = balance + 1", create)) ==
        "batch-key-changed: statement 2 was cut off in its batches, and does not run in batches now");
  CHECK(ground.refused(std::string(create)) ==
        "batch-key-changed: statement 2 was cut off in its batches, and does not run in batches now");
  CHECK(ground.refused(fmt::format("{}-- migrate:batch rows=5\n{}", create, other)) ==
        "batch-key-changed: the statement was run on `public.account` when it began, and is not now");
  CHECK(ground.refused(fmt::format(
            "{}-- migrate:batch repeat\nUPDATE account SET plan = 'free', balance = 0 WHERE id IN "
            "(SELECT id FROM account WHERE plan IS NULL LIMIT 5)",
            create)) == "batch-key-changed: the statement was walked along a key when it began, and is not now");
}

TEST_CASE("a walk goes on in a statement that does the same, and in no other of the same table") {
  CutOffGround ground;
  for (const auto& [statement, now] :
       {std::pair("UPDATE account SET plan = 'other'", "UPDATE SET plan"), std::pair("DELETE FROM account", "DELETE"),
        std::pair("INSERT INTO touched SELECT id FROM account", "INSERT INTO touched")}) {
    CHECK(
        ground.refused(fmt::format("{}-- migrate:batch rows=5\n{};\n{}", create, statement, set_plan)) ==
        fmt::format("batch-key-changed: the statement was UPDATE SET balance, plan when it began, and is {} now", now));
  }
  ground.must_run(resumed(make_run("a1", fmt::format("{}-- migrate:batch rows=7\nUPDATE account a SET balance = 1 + "
                                                     "balance, plan = 'free' WHERE a.id > 0",
                                                     create)),
                          1));
  CHECK(ground.touches() == "23 rows, each once");
}

TEST_CASE("a walk goes on in the encoding that its keys were written in") {
  BatchGround ground;
  ground.database.execute(
      "CREATE TABLE word (k text PRIMARY KEY, n int NOT NULL DEFAULT 0);\n"
      "INSERT INTO word SELECT unnest('{\u00e9,\u00e4,\u00f6,\u00dc,e,F,g}'::text[])");
  const auto text = [](const std::string& divisor) {
    return "SET client_encoding = 'LATIN1';\n-- migrate:batch rows=1\nUPDATE word SET n = n + 1 / " + divisor;
  };
  const auto failure = ground.failure_of(make_run("a1", text("(CASE WHEN ascii(k) = 233 THEN 0 ELSE 1 END)")));
  CHECK(failure.server_error.sqlstate == "22012");
  ground.must_run(resumed(make_run("a1", text("1")), 1));
  CHECK(ground.value("SELECT min(n) || ' ' || max(n) FROM word") == "1 1");
}

TEST_CASE("a refused walk says what to do, and either way works") {
  CutOffGround ground;
  const std::string whole = "UPDATE account SET plan = 'free', balance = balance + 1 WHERE plan IS NULL";
  const auto edited = make_run("a1", std::string(create) + whole + ";\n");
  const auto failure = ground.failure_of(resumed(edited, 1));
  CHECK("\n" + told(failure, edited, ground.session) == R"(
error[batch-key-changed]: statement 2 was cut off in its batches, and does not run in batches now
  --> migrations/a1.sql:2:1
   |
 2 | UPDATE account SET plan = 'free', balance = balance + 1 WHERE plan IS NULL;
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 of 2
   |
   = hint: a correction of what its batches have done belongs behind it, or into a revision of its own; or say with `migrate mark a1 --done N` how many statements of the file are done: those behind them then run as a whole
   = state: NOT rolled back: statement 1 done, statement 2 stopped after 2 batches (10 rows); a1 is marked as unfinished
help: put the statement, and the key of its table, back as they were, then run `migrate upgrade` again: it goes on at statement 2, after the batches that are done
exit 5
)");
  SECTION("the file as it was, with an expression corrected") {
    const std::string corrected =
        "-- migrate:batch rows=9\nUPDATE public.account SET plan = 'paid', balance = balance + 1";
    ground.must_run(resumed(make_run("a1", std::string(create) + corrected), 1));
    CHECK(ground.value("SELECT count(*) FROM account WHERE plan = 'paid'") == "13");
  }
  SECTION("a mark") {
    must(ground.session.execute(ground.journal.marked_done_sql(revision::RevisionId("a1"), 1)));
    ground.must_run(resumed(edited, 1));
  }
  CHECK(ground.touches() == "23 rows, each once");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 2/2"});
}

TEST_CASE("what a journal from before says of no table fits") {
  CutOffGround ground;
  ground.database.execute("UPDATE migrate_revision SET batch = batch - 'table'");
  ground.must_run(resumed(make_run("a1", std::string(create) + std::string(set_plan)), 1));
  CHECK(ground.touches() == "23 rows, each once");
}

TEST_CASE("a walk that a mark has settled is nothing to the next downgrade") {
  CutOffGround ground;
  ground.database.execute(
      "UPDATE migrate_revision SET state = 'applied', steps_done = 2, batch = jsonb_set(batch, '{direction}', "
      "'\"down\"')");
  ground.must_run(
      make_run("a1", "CREATE TABLE u ();\n-- migrate:batch rows=5\nDELETE FROM other;\n", db::Direction::down));
  CHECK(ground.value("SELECT count(*) FROM other") == "0");
}

TEST_CASE("batches of another role: the journal is ours") {
  BatchGround ground;
  ground.fill(12);
  const std::string role = ground.database.name() + "_own";
  ground.database.execute(fmt::format("CREATE ROLE {0}; GRANT ALL ON account, touched TO {0}", role));
  ground.must_run(make_run("a1", fmt::format("SET ROLE {};\n{};\n", role, set_plan)));
  CHECK(ground.touches() == "12 rows, each once");
  ground.database.execute(fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", role));
}
