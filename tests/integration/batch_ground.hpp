// A table whose changes are counted, and the runs that change it in batches.
#pragma once

#include "integration/run_ground.hpp"

namespace migrate::test {

struct BatchGround : RunGround {
  using RunGround::RunGround;

  // `account` with so many rows, whose changes are counted.
  void fill(int rows) {
    database.execute(
        fmt::format("CREATE TABLE account (id int PRIMARY KEY, plan text, balance int NOT NULL DEFAULT 0);\n"
                    "INSERT INTO account SELECT 2 * n FROM generate_series(1, {}) n;\n"
                    "CREATE TABLE touched (id int, what text);\n"
                    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
                    "  INSERT INTO touched VALUES (coalesce(NEW.id, OLD.id), TG_OP); RETURN NULL; END $$;\n"
                    "CREATE TRIGGER touch AFTER UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION touch();\n"
                    "ANALYZE account",
                    rows));
  }
  // "23 rows, each once"
  std::string touches() {
    return value(
        "SELECT count(*) || ' rows, ' || CASE WHEN count(*) = count(DISTINCT id) THEN 'each once' ELSE 'some twice' "
        "END FROM touched");
  }
  std::string transactions_of_touches() { return value("SELECT count(DISTINCT xmin::text) FROM touched"); }
  std::string batch_of(const std::string& id) {
    return value("SELECT coalesce(batch::text, 'none') FROM migrate_revision WHERE revision = '" + id + "'");
  }
};

constexpr std::string_view set_plan =
    "-- migrate:batch rows=5\nUPDATE account SET plan = 'free', balance = balance + 1";

}  // namespace migrate::test
