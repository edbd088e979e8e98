#include "support/catch.hpp"

#include "cluster_folder.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("a test database is fresh, and dropped at its end whoever is connected") {
  std::string name;
  std::optional<Connection> stays;
  {
    TestDatabase database;
    name = database.name();
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (NULL)");
    CHECK(database.rows("SELECT a FROM t ORDER BY a") == std::vector<Row>{{"1"}, {std::nullopt}});
    stays.emplace(database.url());
    CHECK(stays->value("SELECT current_database()") == name);
    CHECK(TestDatabase().value("SELECT count(*) FROM pg_tables WHERE tablename = 't'") == "0");
  }
  CHECK(Connection(TestServer::instance().conninfo())
            .value("SELECT count(*) FROM pg_database WHERE datname = '" + name + "'") == "0");
  CHECK_THROWS(stays->value("SELECT 1"));
}

TEST_CASE("a private server can be killed and started again without a loss") {
  PrivateServer server;
  Connection(server.conninfo()).execute("CREATE TABLE kept AS SELECT 42 AS answer");
  const int first = server.pid();
  server.kill();
  CHECK_THROWS(Connection(server.url()));
  server.start();
  CHECK(server.pid() != first);
  CHECK(Connection(server.url()).value("SELECT answer FROM kept") == "42");
  Connection(server.conninfo()).execute("UPDATE kept SET answer = 43");
  server.stop(true);
  server.start();
  CHECK(Connection(server.url()).value("SELECT answer FROM kept") == "43");
}
