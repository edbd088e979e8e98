#include <migrate/sql/statement.hpp>

#include "support/catch.hpp"

namespace {

using namespace migrate;
using Kind = sql::LastingEffect::Kind;

sql::LastingEffect effect_of(const char* statement) { return sql::examine_statement(statement).effect; }

}  // namespace

TEST_CASE("an index that is built or dropped outside a transaction is known by its names") {
  const auto built = effect_of("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"Ix\" ON app.account (email)");
  CHECK(built == sql::LastingEffect{Kind::create_index, {"", "Ix"}, {"app", "account"}, true});
  CHECK(effect_of("CREATE INDEX CONCURRENTLY ON account (email)") ==
        sql::LastingEffect{Kind::create_index, {"", ""}, {"", "account"}, false});
  CHECK(effect_of("DROP INDEX CONCURRENTLY IF EXISTS app.ix") ==
        sql::LastingEffect{Kind::drop_index, {"app", "ix"}, {}, true});
  CHECK(effect_of("CREATE INDEX ix ON account (email)").kind == Kind::unknown);
  CHECK(effect_of("DROP INDEX ix").kind == Kind::unknown);
}

TEST_CASE("what REINDEX goes through is known") {
  CHECK(effect_of("REINDEX INDEX CONCURRENTLY app.ix") == sql::LastingEffect{Kind::reindex, {"app", "ix"}, {}, false});
  CHECK(effect_of("REINDEX (CONCURRENTLY) TABLE account") ==
        sql::LastingEffect{Kind::reindex, {}, {"", "account"}, false});
  CHECK(effect_of("REINDEX SCHEMA CONCURRENTLY app") == sql::LastingEffect{Kind::reindex, {}, {"app", ""}, false});
  CHECK(effect_of("REINDEX DATABASE CONCURRENTLY shop") == sql::LastingEffect{Kind::reindex, {}, {}, false});
}

TEST_CASE("other lasting effects are known by their kind and object") {
  CHECK(effect_of("ALTER TABLE app.event DETACH PARTITION event_2025 CONCURRENTLY") ==
        sql::LastingEffect{Kind::detach_partition, {"", "event_2025"}, {"app", "event"}, false});
  CHECK(effect_of("CREATE DATABASE shop") == sql::LastingEffect{Kind::create_database, {"", "shop"}, {}, false});
  CHECK(effect_of("DROP DATABASE IF EXISTS shop") == sql::LastingEffect{Kind::drop_database, {"", "shop"}, {}, true});
  CHECK(effect_of("CREATE TABLESPACE fast LOCATION '/disk'").kind == Kind::create_tablespace);
  CHECK(effect_of("DROP TABLESPACE fast").kind == Kind::drop_tablespace);
  for (const char* repeatable : {"VACUUM account", "ANALYZE", "CLUSTER", "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
                                 "ALTER SYSTEM SET work_mem = '1GB'", "ALTER DATABASE shop SET TABLESPACE fast"}) {
    INFO(repeatable);
    CHECK(effect_of(repeatable).kind == Kind::repeatable);
  }
  for (const char* unknown : {"CALL work()", "DO $$ BEGIN COMMIT; END $$",
                              "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "ALTER TABLE t ADD COLUMN a int"}) {
    INFO(unknown);
    CHECK(effect_of(unknown).kind == Kind::unknown);
  }
}
