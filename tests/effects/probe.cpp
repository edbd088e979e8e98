#include <migrate/db/probe.hpp>

#include "support/catch.hpp"
#include "support/test_server.hpp"

namespace migrate::test {
namespace {

class Prober {
 public:
  Prober() {
    database_.execute(
        "CREATE SCHEMA shop; CREATE TABLE shop.account (id int PRIMARY KEY, a int, b text);"
        "CREATE TABLE account (id int PRIMARY KEY, a int, b text); INSERT INTO account VALUES (1, 1, 'x')");
    db::ConnectOptions options;
    options.conninfo = database_.conninfo();
    auto session = db::Session::connect(options);
    if (!session) throw std::runtime_error(text_of(session.error()));
    session_.emplace(*std::move(session));
  }

  // "rewrite", "scan", "index", "nothing", or "unknown".
  std::string ask(std::string_view statement) {
    const auto answer = db::probe(*session_, statement);
    if (!answer) throw std::runtime_error(text_of(answer.error()));
    if (!*answer) return "unknown";
    if ((*answer)->rewrites) return "rewrite";
    if ((*answer)->builds_index) return "index";
    return (*answer)->scans ? "scan" : "nothing";
  }

  TestDatabase& database() { return database_; }

 private:
  TestDatabase database_;
  std::optional<db::Session> session_;
};

TEST_CASE("a clone tells whether an ALTER TABLE rewrites, scans or builds an index") {
  Prober prober;
  CHECK(prober.ask("ALTER TABLE account ALTER COLUMN a TYPE bigint") == "rewrite");
  CHECK(prober.ask("ALTER TABLE shop.account ALTER COLUMN a TYPE bigint") == "rewrite");
  CHECK(prober.ask("ALTER TABLE account ALTER COLUMN b TYPE varchar") == "nothing");
  CHECK(prober.ask("ALTER TABLE account ALTER COLUMN a SET NOT NULL") == "scan");
  CHECK(prober.ask("ALTER TABLE account ADD UNIQUE (a)") == "index");
  CHECK(prober.ask("ALTER TABLE account ADD CHECK (a > 0) NOT VALID") == "nothing");
  CHECK(prober.database().value("SELECT count(*) FROM pg_namespace WHERE nspname = 'migrate_probe'") == "0");
  CHECK(prober.database().value("SELECT count(*) FROM account") == "1");
}

TEST_CASE("a check that is not valid proves nothing on the clone either") {
  Prober prober;
  prober.database().execute("ALTER TABLE account ADD CONSTRAINT proof CHECK (a IS NOT NULL) NOT VALID");
  CHECK(prober.ask("ALTER TABLE account ALTER COLUMN a SET NOT NULL") == "scan");
  prober.database().execute("ALTER TABLE account VALIDATE CONSTRAINT proof");
  CHECK(prober.ask("ALTER TABLE account ALTER COLUMN a SET NOT NULL") == "nothing");
}

TEST_CASE("what cannot be tried on a clone is not known") {
  Prober prober;
  CHECK(prober.ask("CREATE TABLE x (id int)") == "unknown");
  CHECK(prober.ask("ALTER TABLE nothing ADD COLUMN c int") == "unknown");
  CHECK(prober.ask("ALTER TABLE account ADD COLUMN c int REFERENCES account") == "unknown");
  CHECK(prober.ask("ALTER TABLE account FROBNICATE") == "unknown");
}

TEST_CASE("SQL of PostgreSQL 18 is tried as any other") {
  if (TestServer::instance().major() < 18) {
    WARN("only on PostgreSQL 18");
    return;
  }
  Prober prober;
  CHECK(prober.ask("ALTER TABLE account ADD CONSTRAINT n NOT NULL a NOT VALID") == "nothing");
  CHECK(prober.ask("ALTER TABLE account ADD CONSTRAINT n NOT NULL a") == "scan");
  CHECK(prober.ask("ALTER TABLE account ADD COLUMN c int GENERATED ALWAYS AS (a + 1) VIRTUAL") == "nothing");
  CHECK(prober.ask("ALTER TABLE account ADD COLUMN c int GENERATED ALWAYS AS (a + 1) STORED") == "rewrite");
  CHECK(prober.ask("ALTER TABLE account ADD CONSTRAINT k CHECK (a > 0) NOT ENFORCED") == "nothing");
}

}  // namespace
}  // namespace migrate::test
