#include "kill/histories.hpp"

#include <fstream>

#include <fmt/format.h>

namespace migrate::kill {
namespace {

Revision accounts(const std::string& id) {
  return {id,
          "CREATE TABLE app.account (id integer PRIMARY KEY, owner text NOT NULL, balance integer NOT NULL);\n"
          "INSERT INTO app.account VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', 30);\n"
          "INSERT INTO witness.applied VALUES ('accounts up');\n",
          "DROP TABLE app.account;\n"
          "INSERT INTO witness.applied VALUES ('accounts down');\n"};
}

Revision emails(const std::string& id) {
  return {id,
          "ALTER TABLE app.account ADD COLUMN email text;\n"
          "UPDATE app.account SET balance = balance + 1, email = owner || '@example.org';\n"
          "CREATE INDEX account_owner_idx ON app.account (owner);\n"
          "INSERT INTO witness.applied VALUES ('emails up');\n",
          "DROP INDEX app.account_owner_idx;\n"
          "UPDATE app.account SET balance = balance - 1;\n"
          "ALTER TABLE app.account DROP COLUMN email;\n"
          "INSERT INTO witness.applied VALUES ('emails down');\n"};
}

Revision copied(const std::string& id) {
  return {id,
          "COPY app.account (id, owner, balance) FROM stdin;\n4\tdan\t40\n5\teve\t50\n\\.\n"
          "SELECT pg_sleep(0.01);\n"
          "CREATE FUNCTION app.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';\n"
          "UPDATE app.account SET balance = app.twice(balance);\n"
          "INSERT INTO witness.applied VALUES ('copied up');\n",
          "UPDATE app.account SET balance = balance / 2;\n"
          "SELECT pg_sleep(0.01);\n"
          "DROP FUNCTION app.twice(integer);\n"
          "DELETE FROM app.account WHERE id IN (4, 5);\n"
          "INSERT INTO witness.applied VALUES ('copied down');\n"};
}

Revision items(const std::string& id) {
  return {id,
          "CREATE TABLE app.item (id integer, sku text, price integer);\n"
          "INSERT INTO app.item SELECT n, 'sku ' || n, 10 * n FROM generate_series(1, 50) n;\n"
          "CREATE TYPE app.mood AS ENUM ('sad', 'ok');\n"
          "CREATE TABLE app.event (at integer) PARTITION BY RANGE (at);\n"
          "CREATE TABLE app.event_old PARTITION OF app.event FOR VALUES FROM (0) TO (100);\n"
          "INSERT INTO app.event VALUES (7);\n",
          "DROP TABLE app.event, app.item;\n"
          "DROP TYPE app.mood;\n"};
}

Revision indexes(const std::string& id) {
  return {id,
          "CREATE INDEX CONCURRENTLY item_sku_idx ON app.item (sku);\n"
          "CREATE UNIQUE INDEX CONCURRENTLY item_id_price_key ON app.item (id, price) WHERE price > 0;\n"
          "CREATE INDEX CONCURRENTLY IF NOT EXISTS item_price_idx ON app.item (price);\n",
          "DROP INDEX CONCURRENTLY app.item_price_idx;\n"
          "DROP INDEX CONCURRENTLY IF EXISTS app.item_id_price_key;\n"
          "DROP INDEX CONCURRENTLY app.item_sku_idx;\n"};
}

Revision upkeep(const std::string& id) {
  return {id,
          "UPDATE app.item SET price = price + 1;\n"
          "REINDEX INDEX CONCURRENTLY app.item_sku_idx;\n"
          "VACUUM (ANALYZE) app.item;\n"
          "INSERT INTO witness.applied VALUES ('upkeep up');\n",
          "UPDATE app.item SET price = price - 1;\n"
          "REINDEX TABLE CONCURRENTLY app.item;\n"
          "INSERT INTO witness.applied VALUES ('upkeep down');\n"};
}

Revision moods(const std::string& id) {
  return {id,
          "ALTER TYPE app.mood ADD VALUE 'glad' AFTER 'ok';\n"
          "CREATE TABLE app.diary (day integer, mood app.mood);\n"
          "INSERT INTO app.diary VALUES (1, 'glad');\n",
          "DROP TABLE app.diary;\n"
          "DROP TYPE app.mood;\n"
          "CREATE TYPE app.mood AS ENUM ('sad', 'ok');\n"};
}

Revision partitions(const std::string& id) {
  return {id,
          "ALTER TABLE app.event DETACH PARTITION app.event_old CONCURRENTLY;\n"
          "DROP INDEX CONCURRENTLY app.item_sku_idx;\n",
          "CREATE INDEX CONCURRENTLY item_sku_idx ON app.item (sku);\n"
          // Detaching leaves the partition's bounds behind as a constraint.
          "ALTER TABLE app.event_old DROP CONSTRAINT event_old_at_check;\n"
          "ALTER TABLE app.event ATTACH PARTITION app.event_old FOR VALUES FROM (0) TO (100);\n"};
}

Revision one_by_one(const std::string& id) {
  return {id,
          "UPDATE app.item SET price = price * 2;\n"
          "INSERT INTO witness.applied VALUES ('one by one up');\n"
          "ALTER TABLE app.item ADD COLUMN note text;\n"
          "UPDATE app.item SET note = 'price ' || price, price = price + 3;\n",
          "UPDATE app.item SET price = price - 3;\n"
          "ALTER TABLE app.item DROP COLUMN note;\n"
          "INSERT INTO witness.applied VALUES ('one by one down');\n"
          "UPDATE app.item SET price = price / 2;\n",
          true};
}

// Whatever becomes of a row of app.account is written down with it.
Revision counted_accounts(const std::string& id) {
  return {id,
          "CREATE TABLE app.account (id integer, region text, balance integer NOT NULL, plan text, PRIMARY KEY "
          "(region, id));\n"
          "CREATE TABLE app.archive (id integer PRIMARY KEY, balance integer);\n"
          "INSERT INTO app.account SELECT n, chr(97 + n % 3), n FROM generate_series(1, 30) n;\n"
          "CREATE FUNCTION app.count_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
          "  INSERT INTO witness.applied VALUES (format('%s of %s: %s %s', TG_OP, TG_TABLE_NAME, OLD, NEW)); RETURN "
          "NULL; END $$;\n"
          "CREATE TRIGGER count_row AFTER INSERT OR UPDATE OR DELETE ON app.account\n"
          "  FOR EACH ROW EXECUTE FUNCTION app.count_row();\n"
          "CREATE TRIGGER count_row AFTER INSERT OR UPDATE OR DELETE ON app.archive\n"
          "  FOR EACH ROW EXECUTE FUNCTION app.count_row();\n",
          "DROP TABLE app.account, app.archive;\nDROP FUNCTION app.count_row();\n"};
}

Revision walked(const std::string& id) {
  return {id,
          "-- migrate:assert nobody has a plan\n"
          "SELECT NOT EXISTS (SELECT FROM app.account WHERE plan IS NOT NULL);\n"
          "-- migrate:batch rows=7\n"
          "UPDATE app.account SET balance = balance + 1;\n"
          "INSERT INTO witness.applied VALUES ('between up');\n"
          "-- migrate:batch rows=8\n"
          "INSERT INTO app.archive SELECT a.id, a.balance FROM app.account AS a WHERE a.id % 2 = 0;\n",
          "-- migrate:batch rows=11\n"
          "DELETE FROM app.archive;\n"
          "-- migrate:batch rows=9 pause=1ms\n"
          "UPDATE app.account SET balance = balance - 1 WHERE id > 0;\n"
          "INSERT INTO witness.applied VALUES ('walked down');\n"};
}

Revision repeated(const std::string& id) {
  return {
      id,
      "-- migrate:batch repeat\n"
      "UPDATE app.account SET plan = 'free' WHERE ctid IN (SELECT ctid FROM app.account WHERE plan IS NULL LIMIT 8);\n"
      "-- migrate:assert everybody has a plan\n"
      "SELECT count(*) = 30 FROM app.account WHERE plan = 'free';\n",
      "INSERT INTO witness.applied VALUES ('repeated down');\n"
      "-- migrate:batch repeat\n"
      "UPDATE app.account SET plan = NULL WHERE id IN (SELECT id FROM app.account WHERE plan IS NOT NULL ORDER BY id "
      "LIMIT 12);\n"};
}

std::string text_of(const Revision& revision, const std::string& parent) {
  return fmt::format(
      "-- revision {}\n--\n-- Revision ID: {}\n-- Revises: {}\n{}\n-- migrate:upgrade\n{}\n"
      "-- migrate:downgrade\n{}",
      revision.id, revision.id, parent, revision.transaction_none ? "-- Transaction: none\n" : "", revision.upgrade,
      revision.downgrade);
}

}  // namespace

const History& transactional_history() {
  static const History history{"transactional", {accounts("a1"), emails("a2"), copied("a3")}};
  return history;
}

const History& outside_history() {
  static const History history{
      "outside", {items("b1"), indexes("b2"), upkeep("b3"), moods("b4"), partitions("b5"), one_by_one("b6")}};
  return history;
}

const History& mixed_history() {
  static const History history{
      "mixed", {accounts("c1"), items("c2"), indexes("c3"), emails("c4"), one_by_one("c5"), copied("c6")}};
  return history;
}

const History& batched_history() {
  static const History history{"batched", {counted_accounts("f1"), walked("f2"), repeated("f3")}};
  return history;
}

const History& committing_history() {
  static const History history{
      "committing",
      {accounts("d1"),
       {"d2",
        "CREATE PROCEDURE app.grow() LANGUAGE plpgsql AS $$ BEGIN\n"
        "  INSERT INTO witness.applied VALUES ('first half'); COMMIT; PERFORM pg_sleep(0.02);\n"
        "  INSERT INTO witness.applied VALUES ('second half');\nEND $$;\n"
        "CALL app.grow();\n"
        "INSERT INTO witness.applied VALUES ('after it');\n",
        "DROP PROCEDURE app.grow();\n", true}}};
  return history;
}

void write_history(const History& history, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::string parent;
  for (const auto& revision : history.revisions) {
    std::ofstream(folder / (revision.id + "_revision.sql"), std::ios::binary) << text_of(revision, parent);
    parent = revision.id;
  }
}

}  // namespace migrate::kill
