#include <migrate/db/server_error.hpp>

#include "db/server_error_fields.hpp"
#include "support/catch.hpp"

using namespace migrate;
using db::condition_name;
using db::ErrorText;
using db::split_verbose_text;

TEST_CASE("a SQLSTATE has the name that PostgreSQL's documentation gives it, in kebab case") {
  CHECK(condition_name("23505") == "unique-violation");
  CHECK(condition_name("42P01") == "undefined-table");
  CHECK(condition_name("55P03") == "lock-not-available");
  CHECK(condition_name("03000") == "sql-statement-not-yet-complete");
  CHECK(condition_name("XX002") == "index-corrupted");
  CHECK(condition_name("25P04") == "transaction-timeout");
  CHECK(condition_name("ZZZZZ") == "statement-failed");
  CHECK(condition_name("") == "statement-failed");
}

TEST_CASE("a server's error becomes a diagnostic that keeps its words apart") {
  db::ServerError error;
  error.sqlstate = "23505";
  error.message = "duplicate key value violates unique constraint \"k\"";
  error.detail = "Key (a)=(1) already exists.";
  error.hint = "Perhaps another one.";
  const Diagnostic diagnostic = to_diagnostic(error);
  CHECK(diagnostic.severity == Severity::error);
  CHECK(diagnostic.id == "unique-violation");
  CHECK(diagnostic.message == error.message);
  CHECK(diagnostic.sqlstate == "23505");
  CHECK(diagnostic.notes == std::vector<Note>{{"postgres", "SQLSTATE 23505; Key (a)=(1) already exists."},
                                              {"hint", "Perhaps another one."}});
}

TEST_CASE("an error that does not come from the server says what libpq says") {
  db::ServerError lost;
  lost.message = "server closed the connection unexpectedly";
  lost.connection_lost = true;
  const Diagnostic diagnostic = to_diagnostic(lost);
  CHECK(diagnostic.id == "connection-lost");
  CHECK(diagnostic.message == "the connection to the server was lost");
  CHECK(diagnostic.notes == std::vector<Note>{{"libpq", "server closed the connection unexpectedly"}});

  db::ServerError interrupted;
  interrupted.sqlstate = "57014";
  interrupted.message = "canceling statement due to user request";
  interrupted.interrupted = true;
  CHECK(to_diagnostic(interrupted).id == "interrupted");
}

TEST_CASE("the SQLSTATE is found in libpq's verbose text, in whatever language the server speaks") {
  CHECK(split_verbose_text("connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  28P01: password "
                           "authentication failed for user \"app\"\nLOCATION:  auth_failed, auth.c:335\n") ==
        ErrorText{"28P01",
                  "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL: password authentication "
                  "failed for user \"app\""});
  CHECK(split_verbose_text("FEHLER:  42P01: Relation \xC2\xBBt\xC2\xAB existiert nicht\nZEILE 1: SELECT\n") ==
        ErrorText{"42P01", "FEHLER: Relation \xC2\xBBt\xC2\xAB existiert nicht; ZEILE 1: SELECT"});
  CHECK(split_verbose_text("could not translate host name \"db\" to address: Name or service not known\n") ==
        ErrorText{"", "could not translate host name \"db\" to address: Name or service not known"});
  // Of several hosts the last word counts.
  CHECK(split_verbose_text("... failed: FATAL:  57P03: starting up\n... failed: FATAL:  3D000: database \"x\" does not "
                           "exist\n")
            .sqlstate == "3D000");
}

TEST_CASE("libpq's lines are joined where its sentences end") {
  CHECK(db::join_lines("connection to server at \"h\", port 1 failed: Connection refused\n"
                       "\tIs the server running on that host and accepting TCP/IP connections?\n"
                       "connection to server at \"i\", port 1 failed: timeout expired\n") ==
        "connection to server at \"h\", port 1 failed: Connection refused; Is the server running on that host and "
        "accepting TCP/IP connections? connection to server at \"i\", port 1 failed: timeout expired");
  CHECK(
      db::join_lines("server closed the connection unexpectedly\n\tThis probably means the server terminated "
                     "abnormally\n\tbefore or while processing the request.\n") ==
      "server closed the connection unexpectedly; This probably means the server terminated abnormally before or while "
      "processing the request.");
  CHECK(db::join_lines("").empty());
}

TEST_CASE("a message does not repeat the lines of the text that the server could not read") {
  db::ServerError server_error;
  server_error.sqlstate = "42601";
  server_error.message = "unterminated quoted string at or near \"'x;\nSELECT 1;\n\"";
  CHECK(to_diagnostic(server_error).message == "unterminated quoted string");
  server_error.message = "syntax error at or near \"TABEL\"";
  CHECK(to_diagnostic(server_error).message == "syntax error at or near \"TABEL\"");
}

TEST_CASE("a text that is not UTF-8 is mended, and stands on one line") {
  CHECK(db::tidy_text("  a\n\tb \xE9t\xC3\xA9\r\n") == "a b ?t\xC3\xA9");
  CHECK(db::tidy_text("").empty());
}
