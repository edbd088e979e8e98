// What the next run makes of an index whose end nobody saw.
#include "integration/settle_ground.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

TEST_CASE("the same definition is known in whatever words") {
  SettleGround ground;
  ground.database.execute(
      "CREATE SCHEMA \"My app\"; CREATE TABLE \"My app\".\"T\" (a int, \"B c\" text COLLATE \"C\", d jsonb, e "
      "numeric)");
  for (const char* sql : {
           "CREATE INDEX CONCURRENTLY ix ON \"My app\".\"T\" (a DESC, \"B c\" COLLATE \"POSIX\" text_pattern_ops)",
           "CREATE UNIQUE INDEX CONCURRENTLY ix ON ONLY \"My app\".\"T\" USING btree (a) INCLUDE (e) WITH (fillfactor "
           "= 70)",
           "CREATE INDEX CONCURRENTLY ix ON \"My app\".\"T\" USING gin (d jsonb_path_ops)",
           "create index concurrently ix on \"My app\".\"T\" ((e * 2), (lower(\"B c\"))) where a is not null and \"B "
           "c\" in ('x', 'y')",
           "CREATE INDEX CONCURRENTLY ON \"My app\".\"T\" (a, e)",
       }) {
    INFO(sql);
    static int number = 0;
    const auto revision = make_run(fmt::format("r{}", ++number), sql);
    ground.die_at(revision, 0);
    ground.database.execute(sql);
    ground.must_run(resumed(revision, 0));
    REQUIRE(ground.recorder.events.size() == 1);
    CHECK(ground.recorder.events.front().find("is there and valid: it counts as done") != std::string::npos);
    ground.database.execute("DROP INDEX IF EXISTS \"My app\".ix");
  }
  CHECK(ground.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'migrate_probe%'") == "0");
}

namespace {

// Who may build indexes, and make no temporary tables.
struct OwnerGround {
  OwnerGround() {
    ground.database.execute(
        fmt::format("REVOKE TEMP ON DATABASE {0} FROM PUBLIC; CREATE ROLE {1} LOGIN; ALTER TABLE account OWNER TO {1}; "
                    "GRANT ALL ON SCHEMA public TO {1}; GRANT ALL ON migrate_revision, migrate_log TO {1}",
                    ground.database.name(), role));
  }
  ~OwnerGround() {
    ground.session = connect(ground.database.conninfo());
    ground.database.execute(fmt::format("REASSIGN OWNED BY {0} TO postgres; DROP OWNED BY {0}; DROP ROLE {0}", role));
  }
  void become_owner() { ground.session = connect(ground.database.conninfo() + " user=" + role); }

  SettleGround ground;
  std::string role = ground.database.name() + "_owner";
};

constexpr const char* named =
    "CREATE INDEX CONCURRENTLY ix ON account (lower(account.email)) WHERE account.email IS NOT NULL";
constexpr const char* unnamed = "CREATE INDEX CONCURRENTLY ON public.account (upper(public.account.email))";

}  // namespace

TEST_CASE("columns may be written with their table") {
  const std::string sql = GENERATE(as<std::string>(), named, unnamed);
  INFO(sql);
  SettleGround ground;
  const auto revision = make_run("a1", sql);
  ground.die_at(revision, 0);
  ground.database.execute(sql);
  ground.must_run(resumed(revision, 0));
  REQUIRE(ground.recorder.events.size() == 1);
  CHECK(ground.recorder.events.front().ends_with("is there and valid: it counts as done"));
}

TEST_CASE("where no temporary table may be made, another one tells the definition") {
  const std::string sql = GENERATE(as<std::string>(), named, unnamed);
  INFO(sql);
  OwnerGround owner;
  SettleGround& ground = owner.ground;
  const auto revision = make_run("a1", sql);
  ground.die_at(revision, 0);
  ground.database.execute(sql);
  owner.become_owner();
  ground.must_run(resumed(revision, 0));
  REQUIRE(ground.recorder.events.size() == 1);
  CHECK(ground.recorder.events.front().ends_with("is there and valid: it counts as done"));
  CHECK(ground.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'migrate_probe%'") == "0");
}

TEST_CASE("an index that cannot be compared is for a person to see to") {
  OwnerGround owner;
  SettleGround& ground = owner.ground;
  const std::string sql = GENERATE(as<std::string>(), named, unnamed);
  INFO(sql);
  const auto revision = make_run("a1", sql);
  ground.die_at(revision, 0);
  ground.database.execute(sql);
  ground.database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC, " + owner.role);
  owner.become_owner();
  const auto failure = ground.failure_of(resumed(revision, 0));
  CHECK(failure.unsettled);
  CHECK(failure.server_error.message ==
        (sql == named
             ? "index public.ix is there and valid, but cannot be compared with what was to be built: USING "
               "btree (lower(email)) WHERE (email IS NOT NULL)"
             : "public.account has public.account_upper_idx, which cannot be compared with what was to be built"));
}

TEST_CASE("REINDEX CONCURRENTLY clears away what it left, and runs again") {
  Interrupt interrupt;
  SettleGround ground;
  ground.database.execute("CREATE SCHEMA app; CREATE TABLE app.t (a int); CREATE INDEX ix ON app.t (a)");
  ground.session = connect(ground.database.conninfo(), &interrupt);
  auto holder = ground.database.connect();
  holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM app.t");
  const std::string sql = GENERATE(as<std::string>(), "REINDEX INDEX CONCURRENTLY app.ix",
                                   "REINDEX TABLE CONCURRENTLY app.t", "REINDEX SCHEMA CONCURRENTLY app");
  const auto revision = make_run("a1", sql);
  {
    const InterruptLater later(interrupt, 400ms);
    const auto failure = ground.failure_of(revision);
    CHECK(failure.server_error.interrupted);
    CHECK(failure.found == Lines{"invalid index app.ix_ccnew"});
  }
  holder.execute("ROLLBACK");
  ground.session = connect(ground.database.conninfo());
  ground.must_run(resumed(revision, 0));
  CHECK(ground.recorder.events.front() == "settled 1: what it left is dropped, and it runs again: app.ix_ccnew");
  CHECK(ground.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == "0");
}

TEST_CASE("REINDEX CONCURRENTLY clears away what it left of partitions") {
  Interrupt interrupt;
  SettleGround ground;
  ground.database.execute(
      "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9) "
      "PARTITION BY RANGE (id); CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (1) TO (9); CREATE INDEX p_ix ON p "
      "(id); CREATE TABLE other (id int); CREATE INDEX other_ccnew ON other (id); UPDATE pg_index SET indisvalid = "
      "false WHERE indexrelid = 'other_ccnew'::regclass");
  ground.session = connect(ground.database.conninfo(), &interrupt);
  auto holder = ground.database.connect();
  holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM p11");
  const auto revision = make_run("a1", GENERATE(as<std::string>(), "REINDEX TABLE CONCURRENTLY p",
                                                "REINDEX TABLE CONCURRENTLY p1", "REINDEX INDEX CONCURRENTLY p_ix"));
  {
    const InterruptLater later(interrupt, 400ms);
    CHECK(ground.failure_of(revision).found == Lines{"invalid index public.p11_id_idx_ccnew"});
  }
  holder.execute("ROLLBACK");
  ground.session = connect(ground.database.conninfo());
  ground.must_run(resumed(revision, 0));
  CHECK(ground.recorder.events.front() ==
        "settled 1: what it left is dropped, and it runs again: public.p11_id_idx_ccnew");
  CHECK(ground.value("SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index WHERE NOT indisvalid") ==
        "other_ccnew");
}

TEST_CASE("an invalid index stays told of, however often its drop is cut off") {
  SettleGround ground;
  ground.database.execute("CREATE INDEX ix ON account (id)");
  auto holder = ground.database.connect();
  holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM account");
  const auto revision = make_run("a1", "DROP INDEX CONCURRENTLY ix");
  for (const bool again : {false, true}) {
    Interrupt interrupt;
    ground.session = connect(ground.database.conninfo(), &interrupt);
    const InterruptLater later(interrupt, 400ms);
    const auto failure = ground.failure_of(again ? resumed(revision, 0) : revision);
    CHECK(failure.aftermath == db::Aftermath::left_behind);
    CHECK(failure.found == Lines{"invalid index public.ix"});
    CHECK(journal_rows(ground.database) == Lines{"a1 applying 0/1"});
  }
  holder.execute("ROLLBACK");
  ground.session = connect(ground.database.conninfo());
  ground.must_run(resumed(revision, 0));
  CHECK(ground.value("SELECT count(*) FROM pg_class WHERE relname = 'ix'") == "0");
}

TEST_CASE("what a failed index left is cleared away though a correction stands before it") {
  SettleGround ground;
  ground.database.execute("UPDATE account SET email = 'a'");
  const std::string create = "CREATE UNIQUE INDEX CONCURRENTLY ix ON account (email)";
  CHECK(ground.failure_of(make_run("a1", create)).found == Lines{"invalid index public.ix"});
  const auto other = ground.failure_of(resumed(make_run("a1", "CREATE INDEX CONCURRENTLY j ON account (nothing)"), 0));
  CHECK(other.aftermath == db::Aftermath::left_behind);
  CHECK(other.found == Lines{"invalid index public.ix"});
  ground.must_run(resumed(make_run("a1", "UPDATE account SET email = id::text;\n" + create), 0));
  CHECK(ground.value("SELECT string_agg(indisvalid::text, ' ') FROM pg_index WHERE indrelid = 'account'::regclass") ==
        "true");
}
