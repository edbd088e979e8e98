// How a statement is to be run: batches and assertions.
#include <fmt/format.h>

#include <migrate/sql/treatment.hpp>

#include "support/catch.hpp"
#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

struct Read {
  SourcePtr source;
  sql::Statement statement;
  Result<sql::Treatment> treatment;

  [[nodiscard]] std::string_view text() const { return source->text(statement.range); }
  [[nodiscard]] std::string problems() const { return treatment ? "" : plain(treatment.error().diagnostics); }
};

Read read(const std::string& text) {
  const auto source = make_source("a.sql", "-- Ünïcode\nSELECT 1;\n" + text);
  auto statements = sql::split_statements(source, whole(source));
  REQUIRE(statements);
  REQUIRE(statements->size() == 2);
  auto treatment = sql::read_treatment(source, statements->back());
  return {source, statements->back(), std::move(treatment)};
}

// With the condition K for a batch of it.
std::string narrowed(const std::string& statement) {
  const auto one = read("-- migrate:batch\n" + statement);
  if (!one.treatment) return one.problems();
  const auto& batch = *one.treatment->batch;
  const auto result = sql::narrow(one.text(), batch, "K");
  // Every place of the text comes from where it was.
  std::string back;
  for (std::size_t i = 0; i < result.text.size(); ++i) {
    if (const auto original = sql::to_original(result, {i})) {
      CHECK(one.text()[original->value] == result.text[i]);
      back += result.text[i];
    }
  }
  CHECK(back == one.text());
  return fmt::format("{}{} as {}: {}", batch.only ? "only " : "", to_text(batch.table), batch.reference, result.text);
}

std::string complaint(const std::string& statement) {
  const auto one = read(statement);
  if (one.treatment) return "";
  REQUIRE(one.treatment.error().diagnostics.size() == 1);
  const auto& diagnostic = one.treatment.error().diagnostics.front();
  return diagnostic.id + ": " + diagnostic.message;
}

}  // namespace

TEST_CASE("statements without directives, or with allowances alone, run as they are") {
  CHECK(read("SELECT 1").treatment->batch == std::nullopt);
  CHECK(*read("-- migrate:allow x (why)\nDELETE FROM t").treatment == sql::Treatment{});
}

TEST_CASE("the options of a batch") {
  const auto batch = *read("-- migrate:batch rows=200 PAUSE=100ms\tmax_lag=5s\r\nDELETE FROM t").treatment->batch;
  CHECK(batch.rows == 200);
  CHECK(batch.pause == 100ms);
  CHECK(batch.max_lag == 5s);
  CHECK_FALSE(batch.repeat);
  const auto plain_one = *read("-- migrate:batch\nDELETE FROM t").treatment->batch;
  CHECK(plain_one.rows == 5000);
  CHECK(plain_one.pause == std::nullopt);
  CHECK(plain_one.max_lag == std::nullopt);
  const auto repeated =
      *read("-- migrate:batch repeat pause=1s\nDELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5)").treatment->batch;
  CHECK(repeated.repeat);
  CHECK(repeated.pause == 1s);
}

TEST_CASE("options that cannot be are refused with their place, all at once") {
  CHECK(complaint("-- migrate:batch rows=0\nDELETE FROM t") == "invalid-directive: `0` is not a number of rows");
  CHECK(complaint("-- migrate:batch rows=5k\nDELETE FROM t") == "invalid-directive: `5k` is not a number of rows");
  CHECK(complaint("-- migrate:batch rows=\nDELETE FROM t") == "invalid-directive: `` is not a number of rows");
  CHECK(complaint("-- migrate:batch rows=99999999999\nDELETE FROM t") ==
        "invalid-directive: `99999999999` is not a number of rows");
  CHECK(complaint("-- migrate:batch pause=soon\nDELETE FROM t") == "invalid-directive: `soon` is not a time");
  CHECK(complaint("-- migrate:batch row=5\nDELETE FROM t") ==
        "invalid-directive: `row` is not an option of `migrate:batch`");
  CHECK(complaint("-- migrate:batch 5000\nDELETE FROM t") ==
        "invalid-directive: `5000` is not an option of `migrate:batch`");
  CHECK(complaint("-- migrate:batch repeat rows=5\nDELETE FROM t") ==
        "invalid-directive: `rows` and `repeat` exclude each other");
  CHECK(complaint("-- migrate:batch\n-- migrate:assert\nDELETE FROM t") ==
        "invalid-directive: two directives say how the statement is to be run");
  CHECK(complaint("-- migrate:bach\nDELETE FROM t") ==
        "unsupported-directive: `migrate:bach` is not supported by this version");
  CHECK(read("-- migrate:batch rows=x pause=y\nDELETE FROM t").treatment.error().diagnostics.size() == 2);
}

TEST_CASE("a condition goes into the WHERE of the statement itself") {
  struct Case {
    std::string statement, expected;
  };
  const Case cases[] = {
      {"UPDATE account SET plan = 'free'", "account as \"account\": UPDATE account SET plan = 'free' WHERE (K)"},
      {"UPDATE account SET plan = 'free' WHERE plan IS NULL",
       "account as \"account\": UPDATE account SET plan = 'free' WHERE (plan IS NULL) AND (K)"},
      {"UPDATE ONLY app.\"Account\" AS a SET plan = 'free' WHERE a.x = 1 OR a.y = 2 RETURNING a.id",
       "only app.\"Account\" as \"a\": UPDATE ONLY app.\"Account\" AS a SET plan = 'free' WHERE (a.x = 1 OR a.y = 2) "
       "AND (K) "
       "RETURNING a.id"},
      {"UPDATE t SET a = 1 -- why\nRETURNING *", "t as \"t\": UPDATE t SET a = 1 WHERE (K) -- why\nRETURNING *"},
      {"UPDATE t SET a = 1 WHERE -- which\n b = 2 -- these\n /* and */ AND c = 3 -- no more\nRETURNING *",
       "t as \"t\": UPDATE t SET a = 1 WHERE -- which\n (b = 2 -- these\n /* and */ AND c = 3) AND (K) -- no "
       "more\nRETURNING *"},
      {"update t set a = (select max(x) from u where u.id = t.id) where exists (select from v where v.id = t.id)",
       "t as \"t\": update t set a = (select max(x) from u where u.id = t.id) where (exists (select from v where v.id "
       "= t.id)) "
       "AND (K)"},
      {"UPDATE t SET a = u.a FROM u WHERE u.id = t.id",
       "t as \"t\": UPDATE t SET a = u.a FROM u WHERE (u.id = t.id) AND (K)"},
      {"UPDATE t SET a = u.a FROM u JOIN v ON u.id = v.id",
       "t as \"t\": UPDATE t SET a = u.a FROM u JOIN v ON u.id = v.id WHERE (K)"},
      {"UPDATE t SET a = 'where', \"returning\" = 2 WHERE \"where\" = 'returning'",
       "t as \"t\": UPDATE t SET a = 'where', \"returning\" = 2 WHERE (\"where\" = 'returning') AND (K)"},
      {"UPDATE t SET a = t.where WHERE t.returning = 1 RETURNING 1 AS where",
       "t as \"t\": UPDATE t SET a = t.where WHERE (t.returning = 1) AND (K) RETURNING 1 AS where"},
      {"WITH big AS (SELECT id FROM u WHERE n > 5) UPDATE t SET a = 1 FROM big WHERE big.id = t.id",
       "t as \"t\": WITH big AS (SELECT id FROM u WHERE n > 5) UPDATE t SET a = 1 FROM big WHERE (big.id = t.id) AND "
       "(K)"},
      {"UPDATE t SET a = (SELECT x FROM u ORDER BY y LIMIT 1)",
       "t as \"t\": UPDATE t SET a = (SELECT x FROM u ORDER BY y LIMIT 1) WHERE (K)"},
      {"UPDATE t SET a = ARRAY(SELECT x FROM u LIMIT 3) WHERE b = (SELECT y FROM u LIMIT 1)",
       "t as \"t\": UPDATE t SET a = ARRAY(SELECT x FROM u LIMIT 3) WHERE (b = (SELECT y FROM u LIMIT 1)) AND (K)"},
      {"UPDATE t SET a = l.x FROM v AS o, LATERAL (SELECT x FROM u WHERE u.id = o.id LIMIT 1) l WHERE o.id = t.id",
       "t as \"t\": UPDATE t SET a = l.x FROM v AS o, LATERAL (SELECT x FROM u WHERE u.id = o.id LIMIT 1) l WHERE "
       "(o.id = t.id) "
       "AND (K)"},
      {"DELETE FROM t", "t as \"t\": DELETE FROM t WHERE (K)"},
      {"DELETE FROM t USING u WHERE t.id = u.id RETURNING *",
       "t as \"t\": DELETE FROM t USING u WHERE (t.id = u.id) AND (K) RETURNING *"},
      {"INSERT INTO archive SELECT * FROM t", "t as \"t\": INSERT INTO archive SELECT * FROM t WHERE (K)"},
      {"INSERT INTO archive (a, b) SELECT x.a, lower(x.b) FROM t x WHERE x.old ON CONFLICT (a) WHERE b > 1 DO UPDATE "
       "SET b = 2 "
       "WHERE archive.b < 5 RETURNING a",
       "t as \"x\": INSERT INTO archive (a, b) SELECT x.a, lower(x.b) FROM t x WHERE (x.old) AND (K) ON CONFLICT (a) "
       "WHERE b > 1 "
       "DO UPDATE SET b = 2 WHERE archive.b < 5 RETURNING a"},
      {"INSERT INTO archive SELECT t.* FROM t LEFT JOIN u ON u.id = t.id JOIN v USING (id) ORDER BY t.id ON CONFLICT "
       "DO NOTHING",
       "t as \"t\": INSERT INTO archive SELECT t.* FROM t LEFT JOIN u ON u.id = t.id JOIN v USING (id) WHERE (K) ORDER "
       "BY t.id "
       "ON CONFLICT DO NOTHING"},
      {"INSERT INTO a SELECT id + 100 FROM ONLY t WHERE NOT EXISTS (SELECT FROM u WHERE u.id = t.id) FOR UPDATE",
       "only t as \"t\": INSERT INTO a SELECT id + 100 FROM ONLY t WHERE (NOT EXISTS (SELECT FROM u WHERE u.id = "
       "t.id)) AND (K) "
       "FOR UPDATE"},
      {"WITH x AS (SELECT 1) INSERT INTO a WITH y AS (SELECT 2 WHERE true) SELECT t.id FROM t, x WHERE true",
       "t as \"t\": WITH x AS (SELECT 1) INSERT INTO a WITH y AS (SELECT 2 WHERE true) SELECT t.id FROM t, x WHERE "
       "(true) AND (K)"},
  };
  for (const auto& one : cases) CHECK(narrowed(one.statement) == one.expected);
}

TEST_CASE("a batch knows what an UPDATE assigns and what an INSERT's SELECT calls") {
  const auto update = read("-- migrate:batch\nUPDATE t SET a = 1, (b, \"C\") = (2, 3)");
  CHECK(update.treatment->batch->assigned == std::vector<std::string>{"a", "b", "C"});
  const auto insert = read("-- migrate:batch\nINSERT INTO a SELECT lower(x), (SELECT max(y) FROM u), app.f(z) FROM t");
  CHECK(insert.treatment->batch->called == std::vector<std::string>{"lower", "f"});
  CHECK(insert.treatment->batch->kind == sql::BatchKind::insert);
  CHECK(to_text(insert.treatment->batch->target) == "a");
  const auto moved = read(
      "-- migrate:batch repeat\nWITH x AS (DELETE FROM app.t WHERE id IN (SELECT id FROM app.t LIMIT 5) RETURNING *) "
      "INSERT INTO a SELECT * FROM x");
  CHECK(to_text(moved.treatment->batch->table) == "app.t");
  CHECK(to_text(moved.treatment->batch->target) == "a");
}

TEST_CASE("statements that can't be walked are refused") {
  const std::string batch = "-- migrate:batch rows=5\n";
  const auto refused = [&](const std::string& statement) { return complaint(batch + statement); };
  const std::string kinds = "invalid-batch: only UPDATE, DELETE and INSERT ... SELECT run in batches";
  CHECK(refused("SELECT 1") == kinds);
  CHECK(refused("ALTER TABLE t ADD c int") == kinds);
  CHECK(refused("MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE") == kinds);
  CHECK(refused("WITH x AS (DELETE FROM t RETURNING 1) SELECT count(*) FROM x") == kinds);
  CHECK(refused("UPDATE t SET") == "invalid-batch: a statement that this version cannot read");
  const std::string bounded =
      "invalid-batch: this statement bounds itself with LIMIT, and `migrate:batch` would bound it once more";
  CHECK(refused("DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5)") == bounded);
  CHECK(refused("DELETE FROM t WHERE id = ANY (ARRAY(SELECT id FROM t FETCH FIRST 5 ROWS ONLY))") == bounded);
  CHECK(refused("WITH x AS (SELECT id FROM t LIMIT 5) DELETE FROM t USING x WHERE x.id = t.id") == bounded);
  CHECK(refused("UPDATE t SET a = 1 FROM (SELECT id FROM t LIMIT 5) x WHERE x.id = t.id") == bounded);
  CHECK(refused("INSERT INTO a SELECT * FROM t LIMIT 5") == bounded);
  CHECK(refused("WITH x AS (DELETE FROM u RETURNING *) INSERT INTO a SELECT t.* FROM t, x") ==
        "invalid-batch: its WITH changes rows too: each batch would do that again");
  CHECK(refused("DELETE FROM t WHERE CURRENT OF c") == "invalid-batch: WHERE CURRENT OF takes one row from a cursor");
  const std::string plain_select = "invalid-batch: of INSERTs only one from a plain SELECT with FROM runs in batches";
  CHECK(refused("INSERT INTO t VALUES (1)") == plain_select);
  CHECK(refused("INSERT INTO t DEFAULT VALUES") == plain_select);
  CHECK(refused("INSERT INTO t SELECT 1") == plain_select);
  CHECK(refused("INSERT INTO t SELECT 1 FROM a UNION SELECT 2 FROM b") == plain_select);
  const std::string whole_set =
      "invalid-batch: its SELECT makes rows of many rows: DISTINCT, GROUP BY, an aggregate or a window needs all of "
      "them at once";
  CHECK(refused("INSERT INTO a SELECT DISTINCT x FROM t") == whole_set);
  CHECK(refused("INSERT INTO a SELECT x, count(*) FROM t GROUP BY x") == whole_set);
  CHECK(refused("INSERT INTO a SELECT count(*) FROM t") == whole_set);
  CHECK(refused("INSERT INTO a SELECT row_number() OVER () FROM t") == whole_set);
  const std::string joined =
      "invalid-batch: the first table of its FROM stands in a RIGHT, FULL or named join: its rows cannot be counted "
      "off";
  CHECK(refused("INSERT INTO a SELECT 1 FROM t RIGHT JOIN u USING (id)") == joined);
  CHECK(refused("INSERT INTO a SELECT 1 FROM t FULL JOIN u USING (id)") == joined);
  CHECK(refused("INSERT INTO a SELECT 1 FROM (t JOIN u USING (id)) x") == joined);
  const std::string no_table = "invalid-batch: its FROM begins with no plain table whose key could be walked along";
  CHECK(refused("INSERT INTO a SELECT 1 FROM generate_series(1, 5)") == no_table);
  CHECK(refused("INSERT INTO a SELECT 1 FROM (SELECT 1) x") == no_table);
  CHECK(refused("INSERT INTO a SELECT 1 FROM t x(p, q)") == no_table);
  CHECK(refused("WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x") == no_table);
  const std::string own_rows =
      "invalid-batch: it adds rows to the table that it walks along: a later batch could meet them, and add theirs too";
  CHECK(refused("INSERT INTO t SELECT gen_random_uuid(), a FROM t") == own_rows);
  CHECK(refused("INSERT INTO t SELECT gen_random_uuid(), x.a FROM app.t AS x JOIN u USING (id)") == own_rows);
  CHECK(refused("INSERT INTO app.t SELECT 1 FROM ONLY t") == own_rows);
  CHECK(refused("INSERT INTO app.t SELECT 1 FROM old.t").empty());
  CHECK(refused("INSERT INTO t SELECT 1 FROM u WHERE NOT EXISTS (SELECT FROM t WHERE t.id = u.id)").empty());
  CHECK(refused("INSERT INTO a (SELECT 1 FROM t)") == "invalid-batch: there is no telling where its WHERE would go");
}

TEST_CASE("a statement that joins the table which it changes is not walked") {
  const std::string batch = "-- migrate:batch rows=5\n";
  const auto refused = [&](const std::string& statement) { return complaint(batch + statement); };
  const std::string joined =
      "invalid-batch: it joins the table that it changes: each batch would see what those before it have done";
  CHECK(refused("UPDATE t SET n = b.n FROM t b WHERE b.id = t.id - 1") == joined);
  CHECK(refused("UPDATE app.t SET n = b.n FROM u JOIN t b USING (id) WHERE b.id = t.id - 1") == joined);
  CHECK(refused("DELETE FROM t a USING t b WHERE a.id > b.id AND a.n = b.n") == joined);
  CHECK(refused("DELETE FROM t USING (SELECT min(id) AS id, n FROM t GROUP BY n) b WHERE t.id > b.id") == joined);
  CHECK(refused("WITH b AS (SELECT min(id) AS id FROM t) DELETE FROM t USING b WHERE t.id > b.id") == joined);
  CHECK(refused("WITH t AS (SELECT id FROM t) DELETE FROM t USING u WHERE u.id = t.id") == joined);
  CHECK(refused("WITH t AS (SELECT id FROM u) DELETE FROM t USING t AS b WHERE b.id = t.id").empty());
  CHECK(refused("UPDATE app.t SET n = b.n FROM old.t b WHERE b.id = t.id").empty());
  CHECK(refused("DELETE FROM t WHERE n < (SELECT avg(n) FROM t)").empty());
  CHECK(refused("INSERT INTO a SELECT t.id FROM t JOIN t b ON b.id = t.id - 1").empty());
}

TEST_CASE("a statement is repeated only where it bounds itself and ends") {
  const std::string batch = "-- migrate:batch repeat\n";
  const auto refused = [&](const std::string& statement) { return complaint(batch + statement); };
  CHECK(refused("DELETE FROM t WHERE id IN (SELECT id FROM t WHERE old LIMIT 5)").empty());
  CHECK(refused("DELETE FROM t WHERE id <= (SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 5)").empty());
  CHECK(refused("UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 5)").empty());
  CHECK(refused("UPDATE t SET a = 1 FROM (SELECT id FROM t WHERE a IS NULL LIMIT 5 FOR UPDATE SKIP LOCKED) x WHERE "
                "x.id = t.id")
            .empty());
  CHECK(refused("WITH x AS (SELECT id FROM t WHERE a IS NULL LIMIT 5) UPDATE t SET a = 1 FROM x WHERE x.id = t.id")
            .empty());
  CHECK(refused("WITH moved AS (DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5) RETURNING *) INSERT INTO a SELECT "
                "* FROM moved")
            .empty());

  const std::string unbounded = "invalid-batch: nothing bounds this statement: its first run would change all rows";
  CHECK(refused("DELETE FROM t") == unbounded);
  CHECK(refused("UPDATE t SET a = 1 WHERE a IS NULL") == unbounded);
  const std::string endless = "invalid-batch: it would never end: it changes no column that it chooses its rows by";
  CHECK(refused("UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT 5)") == endless);
  CHECK(refused("UPDATE t SET a = a + 1 WHERE id IN (SELECT id FROM t WHERE b LIMIT 5)") == endless);
  const std::string unknown =
      "invalid-batch: nobody can tell that this INSERT ends: it takes no rows away where it finds them";
  CHECK(refused("INSERT INTO a SELECT * FROM t LIMIT 5") == unknown);
  CHECK(refused("INSERT INTO a SELECT * FROM t WHERE NOT EXISTS (SELECT FROM a WHERE a.id = t.id) LIMIT 5") == unknown);
  CHECK(refused("WITH x AS (DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5) RETURNING *) INSERT INTO t SELECT * "
                "FROM x") == unknown);
  CHECK(refused("WITH x AS (DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5) RETURNING *) INSERT INTO a SELECT * "
                "FROM x ON CONFLICT DO NOTHING") ==
        "invalid-batch: a run that adds no rows is taken for the end, and ON CONFLICT may leave out all of them");
  CHECK(refused("WITH x AS (INSERT INTO t VALUES (1)) DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5)") ==
        "invalid-batch: it would never end: what it deletes it puts back");
  CHECK(refused("MERGE INTO t USING (SELECT * FROM u LIMIT 5) u ON t.id = u.id WHEN MATCHED THEN DELETE") ==
        "invalid-batch: only UPDATE, DELETE and INSERT ... SELECT run in batches");
}

TEST_CASE("an assertion is a SELECT, and its words are its message") {
  CHECK(read("-- migrate:assert\nSELECT true").treatment->assertion->message.empty());
  CHECK(read("-- migrate:assert  every account has a plan \nSELECT true").treatment->assertion->message ==
        "every account has a plan");
  CHECK(read("-- migrate:assert\nWITH x AS (SELECT 1) SELECT count(*) = 1 FROM x").treatment);
  CHECK(read("-- migrate:assert\nVALUES (true)").treatment);
  const std::string no_select = "invalid-assertion: an assertion that is no SELECT";
  CHECK(complaint("-- migrate:assert\nDELETE FROM t") == no_select);
  CHECK(complaint("-- migrate:assert\nSELECT true INTO x") == no_select);
  CHECK(complaint("-- migrate:assert\nWITH x AS (DELETE FROM t RETURNING 1) SELECT count(*) > 1 FROM x") == no_select);
  CHECK(complaint("-- migrate:assert\nCALL f()") == no_select);
  CHECK(complaint("-- migrate:assert\nSELEC true") == no_select);
  CHECK(complaint("-- migrate:assert\nSELECT true FROM t FOR UPDATE") ==
        "invalid-assertion: an assertion that locks rows");
}
