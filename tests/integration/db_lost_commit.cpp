#include "integration/db_support.hpp"

#include "support/proxy.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

struct Ground {
  Ground()
      : proxy(TestServer::instance().socket_directory() / ".s.PGSQL.5432"),
        session(connect(proxy.conninfo(database.name()))) {
    must(journal.ensure(session));
    REQUIRE(run(session, journal, make_run("a0", "CREATE TABLE counted (n int)")));
  }
  // The next COMMIT meets this.
  void lose_commit(Fate fate, bool then_hide = false) {
    proxy.set_judge([this, fate, then_hide, done = false](const Question& question) mutable -> Sentence {
      if (done || question.text.find("COMMIT") == std::string_view::npos) return {};
      done = true;
      if (then_hide) proxy.hide(true);
      return {fate};
    });
  }
  std::string value(const std::string& sql) { return database.value(sql); }

  TestDatabase database;
  Proxy proxy;
  db::Session session;
  db::Journal journal = journal_of();
};

}  // namespace

TEST_CASE("a revision of n statements takes n + 1 questions to the server") {
  Ground ground;
  auto revision = make_run("a1", "CREATE TABLE a ();\nCREATE TABLE b ();\nCREATE TABLE c ();\n");
  revision.lock_timeout = std::chrono::seconds(2);
  ground.proxy.set_judge({});
  CHECK(run(ground.session, ground.journal, revision));
  CHECK(ground.proxy.questions() == 4);
}

TEST_CASE("a COMMIT whose answer is lost, but that took place, counts as done") {
  Ground ground;
  ground.lose_commit(Fate::drop_answer);
  SECTION("going up") {
    CHECK(run(ground.session, ground.journal, make_run("a1", "INSERT INTO counted VALUES (1)")));
    CHECK(journal_rows(ground.database) == Lines{"a0 applied 1/1", "a1 applied 1/1"});
    CHECK(ground.value("SELECT count(*) FROM counted") == "1");
  }
  SECTION("going down") {
    CHECK(run(ground.session, ground.journal, make_run("a0", "DROP TABLE counted", db::Direction::down)));
    CHECK(journal_rows(ground.database).empty());
  }
  SECTION("of the caller's transaction") {
    const auto revision = make_run("a1", "INSERT INTO counted VALUES (1)");
    must(ground.session.execute("BEGIN"));
    Recorder recorder;
    REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder, db::TransactionScope::outer));
    CHECK(db::commit_revisions(ground.session, ground.journal, revision));
    CHECK(ground.value("SELECT count(*) FROM counted") == "1");
  }
  CHECK_FALSE(ground.session.is_alive());
}

TEST_CASE("a COMMIT that never reached the server counts as rolled back") {
  Ground ground;
  SECTION("and the server knows that the link is gone") { ground.lose_commit(Fate::drop_question); }
  SECTION("and the server still waits for it") { ground.lose_commit(Fate::strand_server); }
  const auto revision = make_run("a1", "INSERT INTO counted VALUES (1)");
  const auto failed = run(ground.session, ground.journal, revision);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().aftermath == db::Aftermath::rolled_back);
  CHECK(failed.error().stage == db::RunStage::commit);
  CHECK(ground.value("SELECT count(*) FROM counted") == "0");
  CHECK(journal_rows(ground.database) == Lines{"a0 applied 1/1"});
  // Nobody is left to commit it later.
  CHECK(ground.value(fmt::format("SELECT count(*) FROM pg_stat_activity WHERE pid = {}",
                                 ground.session.info().backend_pid)) == "0");
  const std::string text = told(failed.error(), revision, ground.session);
  CHECK(text.find("error[connection-lost]: the connection to the server was lost\n  --> migrations/a1.sql\n") == 0);
  CHECK(text.find(fmt::format("   = state: the answer to COMMIT was lost; {} is asked again and does not have a1\n",
                              ground.database.name())) != std::string::npos);
  CHECK(text.find("exit 4\n") != std::string::npos);
}

TEST_CASE("where the server cannot be asked again, the state is said to be unknown") {
  Ground ground;
  ground.lose_commit(Fate::drop_answer, true);
  const auto revision = make_run("a1", "INSERT INTO counted VALUES (1)");
  const auto failed = run(ground.session, ground.journal, revision);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().aftermath == db::Aftermath::unknown);
  const std::string text = told(failed.error(), revision, ground.session);
  CHECK(text.find("   = state: the answer to COMMIT was lost and the server cannot be asked: a1 is there as a whole or "
                  "not at all\nhelp: `migrate status` tells which, once the server is back\nexit 5\n") !=
        std::string::npos);
}
