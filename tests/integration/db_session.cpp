#include "integration/db_support.hpp"

#include <fmt/format.h>

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

std::string value(db::Session& session, const std::string& sql) {
  return must(session.query(sql)).front().front().value_or("null");
}

}  // namespace

TEST_CASE("a session knows its database after one round trip") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto& info = session.info();
  CHECK(info.database == database.name());
  CHECK(info.user == "postgres");
  CHECK(info.host == TestServer::instance().socket_directory());
  CHECK(info.server_version_num / 10000 == TestServer::instance().major());
  CHECK(info.server_version.find(' ') == std::string::npos);
  CHECK(std::to_string(info.backend_pid) == value(session, "SELECT pg_backend_pid()"));
  CHECK(info.current_schema == "public");
  CHECK_FALSE(info.in_recovery);
  CHECK_FALSE(info.read_only);
  CHECK(session.is_alive());
  CHECK(session.transaction_status() == db::TransactionStatus::idle);
}

TEST_CASE("the connection speaks UTF-8 and calls itself migrate, unless the user calls it otherwise") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  CHECK(value(session, "SHOW client_encoding") == "UTF8");
  CHECK(value(session, "SHOW application_name") == "migrate");
  auto named = connect(database.conninfo() + " application_name=deploy");
  CHECK(value(named, "SHOW application_name") == "deploy");
}

TEST_CASE("a session takes the role it is asked to, and a role it may not take is refused") {
  TestDatabase database;
  database.execute("CREATE ROLE app_owner_1");
  {
    auto session = connect(database.conninfo(), nullptr, "app_owner_1");
    CHECK(value(session, "SELECT current_user") == "app_owner_1");
    CHECK(session.info().user == "postgres");
  }
  database.execute("DROP ROLE app_owner_1");

  db::ConnectOptions options;
  options.conninfo = database.conninfo();
  options.role = "nobody_here";
  const auto refused = db::Session::connect(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().exit_code == ExitCode::unreachable);
  CHECK(rendered(refused.error()) ==
        "error[cannot-set-role]: cannot become role `nobody_here`: role \"nobody_here\" does not exist\n"
        "   = postgres: SQLSTATE 22023\n"
        "   = state: nothing was changed\n"
        "help: check the setting `role`, or let the user in: GRANT \"nobody_here\" TO \"postgres\"\n");
}

TEST_CASE("execute tells tag, affected rows and time, and drops the rows themselves") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  CHECK(must(session.execute("CREATE TABLE t (a int)")).command_tag == "CREATE TABLE");
  const auto inserted = must(session.execute("INSERT INTO t SELECT generate_series(1, 5)"));
  CHECK(inserted.command_tag == "INSERT 0 5");
  CHECK(inserted.rows == 5);
  const auto selected = must(session.execute("SELECT * FROM generate_series(1, 200000)"));
  CHECK(selected.command_tag == "SELECT 200000");
  CHECK(selected.result.empty());
  CHECK(must(session.execute("SELECT pg_sleep(0.05)")).duration >= 50ms);
  CHECK(must(session.execute("  ")).command_tag.empty());
  CHECK(must(session.execute("COPY t TO stdout")).command_tag == "COPY 5");
}

TEST_CASE("query takes parameters and nulls both ways") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const std::vector<std::optional<std::string>> parameters{"it's \\ \xC3\xA4", std::nullopt, ""};
  const auto rows = must(session.query("SELECT $1::text, $2::text, $3::text", parameters));
  REQUIRE(rows.size() == 1);
  CHECK(rows.front() == db::Row{"it's \\ \xC3\xA4", std::nullopt, ""});
  CHECK(must(session.query("SELECT 1 WHERE false")).empty());

  const auto refused = session.query("SELECT * FROM nowhere");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().sqlstate == "42P01");
  CHECK(refused.error().message == "relation \"nowhere\" does not exist");
  CHECK_FALSE(refused.error().connection_lost);
}

TEST_CASE("a server's error comes with all its fields, its position counted in characters") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  must(session.execute("CREATE TABLE t (a int CONSTRAINT only_once UNIQUE)"));
  must(session.execute("INSERT INTO t VALUES (1)"));

  const auto duplicate = session.execute("INSERT INTO t VALUES (1)");
  REQUIRE_FALSE(duplicate);
  CHECK(duplicate.error().sqlstate == "23505");
  CHECK(duplicate.error().message == "duplicate key value violates unique constraint \"only_once\"");
  CHECK(duplicate.error().detail == "Key (a)=(1) already exists.");
  CHECK(duplicate.error().schema == "public");
  CHECK(duplicate.error().table == "t");
  CHECK(duplicate.error().constraint == "only_once");
  CHECK_FALSE(duplicate.error().position);

  const auto unknown = session.execute("SELECT '\xC3\xA4\xC3\xB6', nowhere.x");
  REQUIRE_FALSE(unknown);
  REQUIRE(unknown.error().position);
  CHECK(unknown.error().position->value == 13);

  must(session.execute("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN (SELECT z FROM t); END$$"));
  const auto inner = session.execute("SELECT f()");
  REQUIRE_FALSE(inner);
  CHECK_FALSE(inner.error().position);
  CHECK(inner.error().internal_query.find("SELECT z FROM t") != std::string::npos);
  CHECK(inner.error().internal_position);
  CHECK(inner.error().context.find("PL/pgSQL function f() line 1") != std::string::npos);
}

TEST_CASE("notices reach their receiver") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  std::vector<db::Notice> notices;
  session.on_notice([&](const db::Notice& notice) { notices.push_back(notice); });
  must(session.execute("DROP TABLE IF EXISTS nothing_here"));
  must(session.query("DROP TABLE IF EXISTS nothing_there"));
  REQUIRE(notices.size() == 2);
  CHECK(notices[0].severity == "NOTICE");
  CHECK(notices[0].message == "table \"nothing_here\" does not exist, skipping");
}

TEST_CASE("a statement with a NUL byte is refused whole: libpq would send half of it") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto refused = session.execute(std::string_view("CREATE TABLE a ();\0CREATE TABLE b ()", 36));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "the statement holds a NUL byte");
  CHECK(value(session, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0");
}

TEST_CASE("COPY takes its data, and tells what is wrong with it") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  must(session.execute("CREATE TABLE t (a int, b text)"));
  CHECK(must(session.copy_in("COPY t FROM stdin", "1\tone\n2\t\\N\n")).command_tag == "COPY 2");
  CHECK(must(session.copy_in("COPY t FROM stdin", "")).command_tag == "COPY 0");

  std::string large;
  for (int i = 0; i < 300'000; ++i) large += fmt::format("{}\tsome text that is not very long\n", i);
  CHECK(must(session.copy_in("COPY t FROM stdin", large)).rows == 300'000);

  const auto bad = session.copy_in("COPY t FROM stdin", "1\tone\nx\ttwo\n");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().sqlstate == "22P02");
  CHECK(bad.error().context == "COPY t, line 2, column a: \"x\"");

  const auto without = session.execute("COPY t FROM stdin");
  REQUIRE_FALSE(without);
  CHECK(without.error().sqlstate == "57014");
  CHECK(without.error().message == "COPY from stdin failed: there is no data after the statement");
  CHECK_FALSE(without.error().interrupted);
  CHECK(session.is_alive());
  CHECK(value(session, "SELECT count(*) FROM t") == "300002");
}

TEST_CASE("a large COPY whose first row is refused ends with that refusal") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  must(session.execute("CREATE TABLE t (a int)"));
  std::string data = "bad\n";
  for (int i = 0; i < 1'000'000; ++i) data += "123456\n";
  const auto refused = session.copy_in("COPY t FROM stdin", data);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().sqlstate == "22P02");
  CHECK(value(session, "SELECT 1") == "1");
}

TEST_CASE("ticks come while a statement runs") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  std::vector<std::chrono::milliseconds> ticks;
  must(session.execute("SELECT pg_sleep(0.55)", [&](auto elapsed) { ticks.push_back(elapsed); }));
  CHECK(ticks.size() >= 3);
  CHECK(ticks.size() <= 6);
  CHECK(std::is_sorted(ticks.begin(), ticks.end()));
}

TEST_CASE("an interrupt ends the server's statement, is told once, and leaves the session usable") {
  TestDatabase database;
  Interrupt interrupt;
  auto session = connect(database.conninfo(), &interrupt);
  must(session.execute("BEGIN"));
  const auto begun = std::chrono::steady_clock::now();
  {
    const InterruptLater later(interrupt, 100ms);
    SECTION("in execute") {
      const auto stopped = session.execute("SELECT pg_sleep(30)");
      REQUIRE_FALSE(stopped);
      CHECK(stopped.error().interrupted);
      CHECK(stopped.error().sqlstate == "57014");
    }
    SECTION("in query") {
      const auto stopped = session.query("SELECT pg_sleep(30)");
      REQUIRE_FALSE(stopped);
      CHECK(stopped.error().interrupted);
    }
    SECTION("in COPY") {
      must(session.execute("CREATE TABLE t (a int)"));
      must(
          session.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
                          "$$BEGIN PERFORM pg_sleep(30); RETURN new; END$$"));
      must(session.execute("CREATE TRIGGER slow BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slow()"));
      const auto stopped = session.copy_in("COPY t FROM stdin", "1\n2\n");
      REQUIRE_FALSE(stopped);
      CHECK(stopped.error().interrupted);
    }
  }
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(session.transaction_status() == db::TransactionStatus::failed_block);
  CHECK(must(session.execute("ROLLBACK")).command_tag == "ROLLBACK");
  CHECK(session.transaction_status() == db::TransactionStatus::idle);
}

TEST_CASE("an interrupt between two calls stops the next one before it is sent") {
  TestDatabase database;
  Interrupt interrupt;
  auto session = connect(database.conninfo(), &interrupt);
  interrupt.raise();
  const auto refused = session.execute("CREATE TABLE t ()");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().interrupted);
  CHECK(value(session, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0");
}

TEST_CASE("a pause sleeps, and wakes at an interrupt") {
  TestDatabase database;
  Interrupt interrupt;
  auto session = connect(database.conninfo(), &interrupt);
  CHECK(session.pause(20ms));
  const auto begun = std::chrono::steady_clock::now();
  const InterruptLater later(interrupt, 50ms);
  CHECK_FALSE(session.pause(30s));
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("a statement can be cancelled from another thread") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  std::jthread other([&] {
    std::this_thread::sleep_for(100ms);
    session.cancel();
  });
  const auto stopped = session.execute("SELECT pg_sleep(30)");
  other.join();
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().sqlstate == "57014");
  CHECK_FALSE(stopped.error().interrupted);
}

TEST_CASE("a session that the server ends is known to be dead, and never connects again by itself") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  auto another = must(session.another());
  CHECK(another.info().backend_pid != session.info().backend_pid);
  database.execute(fmt::format("SELECT pg_terminate_backend({}, 5000)", session.info().backend_pid));

  SECTION("told by asking") { CHECK_FALSE(session.is_alive()); }
  SECTION("told by execute") {
    const auto refused = session.execute("SELECT 1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().connection_lost);
    CHECK_FALSE(session.is_alive());
  }
  SECTION("told by query") {
    const auto refused = session.query("SELECT 1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().connection_lost);
    CHECK_FALSE(session.query("SELECT 1"));
    CHECK_FALSE(session.is_alive());
  }
  CHECK(another.is_alive());
}

TEST_CASE("a reset takes back what statements did to the session, but for the kept lock") {
  TestDatabase database;
  database.execute("CREATE ROLE app_owner_2");
  auto session = connect(database.conninfo(), nullptr, "app_owner_2");
  constexpr std::int64_t ours = 4711;
  must(session.execute("SELECT pg_advisory_lock(4711)"));
  session.keep_advisory_lock(ours);

  SECTION("after statements of their own") {
    must(session.execute("SET search_path = ''; SET lock_timeout = '1s'; SET my.setting = 'x'"));
    must(session.execute("PREPARE p AS SELECT 1"));
    must(session.execute("LISTEN somebody"));
    must(session.execute("DECLARE c CURSOR WITH HOLD FOR SELECT 1"));
    must(session.execute("SELECT pg_advisory_lock(1), pg_advisory_lock(2), pg_advisory_lock(4711)"));
    must(session.execute("RESET ROLE; CREATE TEMP TABLE scratch (a int)"));
    must(session.execute("SET SESSION AUTHORIZATION pg_read_all_data"));
  }
  SECTION("after a failed reset of the same") { must(session.execute("SET ROLE postgres")); }
  must(session.execute(session.reset_sql()));

  CHECK(value(session, "SELECT current_user") == "app_owner_2");
  CHECK(value(session, "SELECT session_user") == "postgres");
  CHECK(value(session, "SHOW search_path") == "\"$user\", public");
  CHECK(value(session, "SHOW lock_timeout") == "0");
  CHECK(value(session, "SHOW client_encoding") == "UTF8");
  CHECK(value(session, "SELECT coalesce(current_setting('my.setting', true), '')") == "");
  CHECK(value(session, "SELECT count(*) FROM pg_prepared_statements WHERE from_sql") == "0");
  CHECK(value(session, "SELECT count(*) FROM pg_cursors WHERE is_holdable") == "0");
  CHECK(value(session, "SELECT count(*) FROM pg_listening_channels()") == "0");
  CHECK(value(session, "SELECT coalesce(to_regclass('pg_temp.scratch')::text, 'none')") == "none");
  CHECK(
      value(
          session,
          "SELECT string_agg(objid::text, ',') FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") ==
      "4711");

  // Held once, as before: it goes with one unlock.
  must(session.execute("SELECT pg_advisory_unlock(4711)"));
  CHECK(value(session, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == "0");
  database.execute("DROP OWNED BY app_owner_2; DROP ROLE app_owner_2");
}
