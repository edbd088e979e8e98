#include "db/connect.hpp"
#include "db/conninfo.hpp"
#include "support/catch.hpp"

using namespace migrate;
using db::ErrorText;
using db::Refusal;

TEST_CASE("a refusal is known by its SQLSTATE, and without one by libpq's words") {
  CHECK(db::classify({"28P01", ""}) == Refusal::authentication);
  CHECK(db::classify({"28000", ""}) == Refusal::authentication);
  CHECK(db::classify({"3D000", ""}) == Refusal::no_database);
  CHECK(db::classify({"57P03", "FATAL: the database system is starting up"}) == Refusal::starting);
  CHECK(db::classify({"53300", "FATAL: sorry, too many clients already"}) == Refusal::starting);
  CHECK(db::classify({"", "... failed: Connection refused"}) == Refusal::nothing_listens);
  CHECK(db::classify({"", "... failed: No such file or directory"}) == Refusal::nothing_listens);
  CHECK(db::classify({"", "could not translate host name \"db\" to address: Name or service not known"}) ==
        Refusal::unknown_host);
  CHECK(db::classify({"", "... failed: Connection timed out"}) == Refusal::no_answer);
  CHECK(db::classify({"", "... failed: server closed the connection unexpectedly"}) == Refusal::link_lost);
  CHECK(db::classify({"", "... failed: server does not support SSL, but SSL was required"}) == Refusal::other);
  CHECK(db::classify({"", "... failed: Permission denied"}) == Refusal::other);
  CHECK(db::classify({"", "invalid sslmode value: \"bogus\""}) == Refusal::wrong_setting);
  CHECK(db::classify({"", "invalid port number: \"70000\""}) == Refusal::wrong_setting);
}

TEST_CASE("only what may pass by itself is tried again") {
  for (const auto refusal :
       {Refusal::nothing_listens, Refusal::unknown_host, Refusal::no_answer, Refusal::starting, Refusal::link_lost}) {
    CHECK(db::is_passing(refusal));
  }
  for (const auto refusal : {Refusal::authentication, Refusal::missing_password, Refusal::no_database,
                             Refusal::wrong_setting, Refusal::other, Refusal::interrupted}) {
    CHECK_FALSE(db::is_passing(refusal));
  }
}

TEST_CASE("what libpq quotes of a connection string is left out, but for a keyword and a single sign") {
  const auto shown = [](std::string_view complaint) { return db::without_quoted_pieces(complaint); };
  CHECK(shown("missing \"=\" after \"secret\" in connection info string") ==
        "missing \"=\" after \"...\" in connection info string");
  CHECK(shown("unexpected character \"/\" in position 7 in URI (expected \":\" or \"/\"): \"postgres://a:se\"cret\"") ==
        "unexpected character \"/\" in position 7 in URI (expected \":\" or \"/\"): \"...\"");
  CHECK(shown("invalid percent-encoded token: \"se%zz\"") == "invalid percent-encoded token: \"...\"");
  CHECK(shown("invalid connection option \"pasword\"") == "invalid connection option \"pasword\"");
  CHECK(shown("invalid URI query parameter: \"pasword\"") == "invalid URI query parameter: \"pasword\"");
  CHECK(shown("unterminated quoted string in connection info string") ==
        "unterminated quoted string in connection info string");
}

TEST_CASE("a target is described by what is known of it") {
  CHECK(db::describe({"app", "db-1", "5432", "deploy"}) == "app at db-1:5432 as deploy");
  CHECK(db::describe({"", "", "", ""}) == "the server");
  CHECK(db::describe({"app", "", "5432", ""}) == "app");
}

TEST_CASE("the user's application_name wins, and the encoding is always UTF-8") {
  db::ConnectOptions options;
  options.conninfo = "dbname=app application_name=deploy client_encoding=LATIN1";
  auto parameters = db::ConnectParameters::parse(options);
  REQUIRE(parameters);
  CHECK(parameters->value("application_name") == "deploy");
  CHECK(parameters->value("fallback_application_name") == "migrate");
  CHECK(parameters->value("client_encoding") == "UTF8");
  CHECK(parameters->keywords().size() == parameters->values().size());
  CHECK(parameters->keywords().back() == nullptr);
}
