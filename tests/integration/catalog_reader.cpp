// What is read of a real server's catalog.
#include "integration/catalog_support.hpp"

#include <chrono>
#include <map>

using namespace migrate;
using namespace migrate::test;

namespace {

catalog::Mentioned of_relations(const std::vector<std::string>& names) {
  catalog::Mentioned mentioned;
  for (const auto& name : names) mentioned.relations.push_back({"", name, {}});
  return mentioned;
}

catalog::Schema read(TestDatabase& database, const catalog::Mentioned& names) {
  auto session = open_session(database);
  return value_of(db::read_catalog(session, names));
}

const catalog::Relation& known(const catalog::Schema& schema, const std::string& name) {
  const auto* relation = schema.find({"", name, {}});
  INFO(name);
  REQUIRE(relation);
  return *relation;
}

// Of those that are told with all that is in them.
std::vector<std::string> names_in(const catalog::Schema& schema) {
  std::vector<std::string> names;
  for (const auto& [key, relation] : schema.relations()) {
    if (relation.columns_known && relation.kind != sql::ObjectKind::sequence) names.push_back(key);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the server, its zone and its search path are read, and the session is as before") {
  TestDatabase database;
  database.execute("CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE TABLE public.t (id int)");
  auto session = open_session(database);
  REQUIRE(session.execute("SET search_path TO app, nowhere, public; SET TimeZone TO 'Asia/Tokyo'"));
  const auto settings = [&] {
    const auto rows = session.query(
        "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings "
        "WHERE name NOT LIKE 'transaction%'");
    REQUIRE(rows);
    return rows->front()[0].value_or("");
  };
  const auto before = settings();
  const auto schema = value_of(db::read_catalog(session, of_relations({"t"})));
  CHECK(schema.complete);
  CHECK(schema.server_version == session.info().server_version_num);
  CHECK(schema.time_zone == "Asia/Tokyo");
  CHECK(schema.search_path == Names{"app", "public"});
  CHECK(known(schema, "t").name.schema == "app");
  CHECK(names_in(schema) == Names{"app.t", "public.t"});
  CHECK(session.transaction_status() == db::TransactionStatus::idle);
  CHECK(settings() == before);
}

TEST_CASE("inside a transaction block it is read as the transaction sees it, and the block goes on") {
  TestDatabase database;
  auto session = open_session(database);
  REQUIRE(session.execute("BEGIN; CREATE TABLE t (id int); INSERT INTO t VALUES (1); SET LOCAL lock_timeout = '7s'"));
  const auto schema = value_of(db::read_catalog(session, of_relations({"t"})));
  CHECK(known(schema, "t").rows == catalog::Rows::some);
  CHECK(session.transaction_status() == db::TransactionStatus::in_block);
  const auto rows = session.query("SELECT current_setting('lock_timeout')");
  REQUIRE(rows);
  CHECK(rows->front()[0] == "7s");
  REQUIRE(session.execute("COMMIT"));
}

TEST_CASE("what belongs to the named relations comes with them") {
  TestDatabase database;
  database.execute(R"(
CREATE TABLE far (id int PRIMARY KEY);
CREATE TABLE target (id int PRIMARY KEY, far int REFERENCES far);
CREATE TABLE t (id int PRIMARY KEY, target int REFERENCES target);
CREATE TABLE points (id int, t int REFERENCES t);
CREATE TABLE unrelated (id int);
CREATE INDEX points_t ON points (t);
CREATE TABLE whole (id int) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF whole FOR VALUES IN (1);
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN more AS positive;
CREATE TABLE uses (m mood[], p more);
CREATE VIEW v AS SELECT id FROM t;
)");
  CHECK(names_in(read(database, of_relations({"t"}))) == Names{"public.points", "public.t", "public.target"});
  CHECK(names_in(read(database, of_relations({"points_t"}))) == Names{"public.points", "public.t"});
  CHECK(names_in(read(database, of_relations({"part"}))) == Names{"public.part", "public.whole"});
  CHECK(names_in(read(database, of_relations({"nothing"}))).empty());
  CHECK(known(read(database, of_relations({"t"})), "t").column("id")->views == Names{"public.v"});

  catalog::Mentioned types;
  types.types = {{"", "mood", {}}, {"", "positive", {}}};
  const auto schema = read(database, types);
  CHECK(names_in(schema) == Names{"public.uses"});
  REQUIRE(schema.find_type(sql::QualifiedName{"", "more", {}}));
  CHECK(schema.find_type(sql::QualifiedName{"", "more", {}})->constrained);
  REQUIRE(schema.find_type(sql::QualifiedName{"", "positive", {}}));
  CHECK(schema.find_type(sql::QualifiedName{"", "positive", {}})->used_by.size() == 1);
  CHECK(schema.find_type(sql::QualifiedName{"", "mood", {}})->labels == Names{"a", "b"});

  const auto keys = read(database, of_relations({"t"})).inbound_keys({"", "t", {}});
  REQUIRE(keys.size() == 1);
  CHECK(keys.front().constraint == "points_t_fkey");
  CHECK(keys.front().referenced_columns == Names{"id"});
}

TEST_CASE("whether a table holds rows is looked up, not estimated") {
  TestDatabase database;
  database.execute(R"(
CREATE TABLE never (id int);
CREATE TABLE one (id int); INSERT INTO one VALUES (1);
CREATE TABLE deleted (id int); INSERT INTO deleted SELECT generate_series(1, 1000); DELETE FROM deleted;
CREATE TABLE many (id int); INSERT INTO many SELECT generate_series(1, 20000); ANALYZE many;
CREATE TABLE whole (id int) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF whole FOR VALUES IN (1); INSERT INTO whole VALUES (1);
CREATE TABLE empty_whole (id int) PARTITION BY LIST (id);
CREATE TABLE empty_part PARTITION OF empty_whole FOR VALUES IN (1);
CREATE MATERIALIZED VIEW waiting AS SELECT * FROM many WITH NO DATA;
)");
  const auto schema =
      read(database, of_relations({"never", "one", "deleted", "many", "whole", "empty_whole", "waiting"}));
  const std::map<std::string, catalog::Rows> expected{
      {"never", catalog::Rows::none},  {"one", catalog::Rows::some},   {"deleted", catalog::Rows::none},
      {"many", catalog::Rows::some},   {"whole", catalog::Rows::some}, {"empty_whole", catalog::Rows::none},
      {"waiting", catalog::Rows::none}};
  for (const auto& [name, rows] : expected) {
    INFO(name);
    CHECK(known(schema, name).rows == rows);
  }
  CHECK(known(schema, "many").row_estimate == 20000.0);
  CHECK(known(schema, "many").bytes > std::uint64_t{128 * 1024});
  CHECK(known(schema, "many").column("id")->null_fraction == 0.0);
  CHECK_FALSE(known(schema, "one").row_estimate);
  CHECK_FALSE(known(schema, "waiting").populated);
}

TEST_CASE("a locked table is not waited for, and counts as one with rows") {
  TestDatabase database;
  database.execute(
      "CREATE TABLE locked (id int); CREATE TABLE free (id int); CREATE TABLE small (id int); "
      "INSERT INTO small VALUES (1); DELETE FROM small");
  auto other = database.connect();
  other.execute("BEGIN; LOCK TABLE locked");
  const auto begin = std::chrono::steady_clock::now();
  const auto schema = read(database, of_relations({"locked", "free", "small"}));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
  CHECK(known(schema, "locked").rows == catalog::Rows::some);
  CHECK_FALSE(known(schema, "locked").bytes);
  CHECK(known(schema, "locked").column("id"));
  CHECK(known(schema, "free").rows == catalog::Rows::none);
  CHECK(known(schema, "small").rows == catalog::Rows::none);
  other.execute("ROLLBACK");
}

TEST_CASE("a user who may see little still learns what the catalog shows to all") {
  TestDatabase database;
  const std::string role = "reader_" + database.name();
  database.execute("CREATE ROLE " + role +
                   "; CREATE TABLE secret (id int NOT NULL); INSERT INTO secret VALUES (1); "
                   "ANALYZE secret; REVOKE ALL ON secret FROM PUBLIC; CREATE TABLE hidden (id int); "
                   "INSERT INTO hidden VALUES (1); DELETE FROM hidden; ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; "
                   "GRANT SELECT ON hidden TO " +
                   role);
  {
    auto session = open_session(database);
    REQUIRE(session.execute("SET ROLE " + role));
    const auto schema = value_of(db::read_catalog(session, of_relations({"secret", "hidden"})));
    CHECK(known(schema, "secret").rows == catalog::Rows::some);
    CHECK(known(schema, "secret").column("id")->not_null);
    CHECK_FALSE(known(schema, "secret").column("id")->null_fraction);
    CHECK(known(schema, "hidden").rows == catalog::Rows::some);
  }
  database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_CASE("checks prove what they say, and names of any kind are read") {
  TestDatabase database;
  database.execute(R"(
CREATE SCHEMA "My, {odd} ""Schema""";
CREATE TABLE "My, {odd} ""Schema"""."T\able'" ("Col, {1}" int CONSTRAINT "c'k" CHECK ("Col, {1}" IS NOT NULL), "NULL" text,
  CHECK ("NULL" IS NOT NULL AND length("NULL") > 3), UNIQUE ("Col, {1}", "NULL"));
)");
  catalog::Mentioned names;
  names.relations = {{"My, {odd} \"Schema\"", "T\\able'", {}}};
  const auto schema = read(database, names);
  const auto* table = schema.find(names.relations.front());
  REQUIRE(table);
  CHECK(table->proven_not_null("Col, {1}"));
  CHECK(table->proven_not_null("NULL"));
  REQUIRE(table->indexes.size() == 1);
  CHECK(table->indexes.front().columns == Names{"Col, {1}", "NULL"});
  CHECK(table->rows == catalog::Rows::none);
}

TEST_CASE("functions are known by their name, the most volatile of it") {
  TestDatabase database;
  database.execute(
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'; "
      "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; "
      "CREATE FUNCTION g() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'");
  catalog::Mentioned names;
  names.functions = {{"", "f", {}}, {"public", "g", {}}, {"", "now", {}}};
  const auto schema = read(database, names);
  REQUIRE(schema.find_function({"", "f", {}}));
  CHECK(schema.find_function({"", "f", {}})->volatility == catalog::Volatility::volatile_);
  REQUIRE(schema.find_function({"", "g", {}}));
  CHECK(schema.find_function({"", "g", {}})->volatility == catalog::Volatility::immutable);
  CHECK_FALSE(schema.find_function({"", "now", {}}));
}

TEST_CASE("the volatility of built-in functions is that of pg_proc") {
  TestDatabase database;
  std::size_t compared = 0;
  for (const auto& row :
       database.rows("SELECT proname, max(CASE provolatile WHEN 'i' THEN 0 WHEN 's' THEN 1 ELSE 2 END)"
                     " FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1")) {
    const auto told = catalog::built_in_volatility(*row[0]);
    if (!told) continue;
    ++compared;
    INFO(*row[0]);
    // Before 15 its overload for time with time zone was volatile.
    if (*row[0] == "timezone" && TestServer::instance().major() < 15) continue;
    CHECK(std::to_string(static_cast<int>(*told)) == *row[1]);
  }
  CHECK(compared > 850);
  for (const auto* name :
       {"now", "lower", "nextval", "gen_random_uuid", "date_trunc", "jsonb_build_object", "random"}) {
    INFO(name);
    CHECK(catalog::built_in_volatility(name));
  }
  CHECK_FALSE(catalog::built_in_volatility("uuid_generate_v4"));
  CHECK_FALSE(catalog::built_in_volatility(""));
  CHECK_FALSE(catalog::built_in_volatility("lower upper"));
}
