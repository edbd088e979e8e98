#include <migrate/db/executor.hpp>

#include "db/failure_place.hpp"
#include "support/catch.hpp"

using namespace migrate;

namespace {

constexpr std::string_view text =
    "CREATE TABLE t (\n  a int\n);\nSELECT '\xC3\xA4', \"Odd name\", x;\nCOPY t FROM stdin;\n1\nx\n\\.\n";

db::RevisionRun run_of_three() {
  db::RevisionRun run;
  run.entry.id = revision::RevisionId("a1");
  run.source = make_source("a1.sql", std::string(text));
  const auto add = [&](std::string_view statement) -> db::RunStatement& {
    const std::size_t begin = text.find(statement);
    run.statements.push_back({});
    run.statements.back().statement.range = {begin, begin + statement.size()};
    return run.statements.back();
  };
  add("CREATE TABLE t (\n  a int\n)");
  add("SELECT '\xC3\xA4', \"Odd name\", x");
  const std::size_t data = text.find("1\nx\n");
  add("COPY t FROM stdin").statement.copy_data = ByteRange{data, data + 4};
  return run;
}

db::RunFailure failure_at(std::optional<std::size_t> statement, std::string sqlstate = "42703") {
  db::RunFailure failure;
  failure.server_error.sqlstate = std::move(sqlstate);
  failure.server_error.message = "message";
  failure.statement = statement;
  return failure;
}

struct Place {
  std::string shown, words;
  bool operator==(const Place&) const = default;
};

std::optional<Place> place(const db::RunFailure& failure, const db::RevisionRun& run) {
  const auto label = find_place(failure, run);
  if (!label) return std::nullopt;
  return Place{std::string(label->source->text(label->range)), label->text};
}

std::string last_note(const Failure& failure, const std::string& label) {
  std::string found;
  for (const auto& note : failure.diagnostics.front().notes) {
    if (note.label == label) found = note.text;
  }
  return found;
}

}  // namespace

TEST_CASE("the place of a failure is the server's, as far as the word goes") {
  const auto run = run_of_three();
  auto failure = failure_at(1);
  const auto at = [&](std::size_t characters) {
    failure.server_error.position = CharOffset{characters};
    return place(failure, run)->shown;
  };
  CHECK(at(0) == "SELECT");
  CHECK(at(7) == "'\xC3\xA4'");
  CHECK(at(12) == "\"Odd name\"");
  CHECK(at(24) == "x");
  CHECK(at(10) == ",");
}

TEST_CASE("without a place of the server's it is the statement's first line") {
  const auto run = run_of_three();
  CHECK(place(failure_at(0), run) == Place{"CREATE TABLE t (", "statement 1 of 3"});
  // A position that cannot be in this text.
  auto beyond = failure_at(0);
  beyond.server_error.position = CharOffset{4000};
  CHECK(place(beyond, run) == Place{"CREATE TABLE t (", "statement 1 of 3"});
  CHECK_FALSE(place(failure_at(std::nullopt), run));
}

TEST_CASE("a line of COPY data is found, in whatever language the server tells it") {
  CHECK(db::copy_data_line("COPY t, line 3, column b: \"x, line 9\"") == 3U);
  CHECK(db::copy_data_line("COPY t2, Zeile 12, Spalte b: \xC2\xBBx\xC2\xAB") == 12U);
  CHECK(db::copy_data_line("COPY t, line 2\nPL/pgSQL function f() line 8") == 2U);
  CHECK_FALSE(db::copy_data_line("PL/pgSQL function f() line 3 at RAISE"));
  CHECK_FALSE(db::copy_data_line("COPY t"));
  CHECK_FALSE(db::copy_data_line(""));

  const auto run = run_of_three();
  auto failure = failure_at(2, "22P02");
  failure.server_error.context = "COPY t, line 2, column a: \"x\"";
  CHECK(place(failure, run) == Place{"x", "statement 3 of 3, line 2 of its data"});
  failure.server_error.context = "COPY t, line 99";
  CHECK(place(failure, run) == Place{"COPY t FROM stdin", "statement 3 of 3"});
}

TEST_CASE("exit codes say what is left of a failed revision") {
  const auto run = run_of_three();
  const db::DatabaseInfo database{.database = "app_dev"};
  const auto code = [&](const db::RunFailure& failure) { return to_failure(failure, run, database, false).exit_code; };

  auto failure = failure_at(1);
  CHECK(code(failure) == ExitCode::rolled_back);
  failure.aftermath = db::Aftermath::left_behind;
  CHECK(code(failure) == ExitCode::left_behind);
  failure.aftermath = db::Aftermath::unknown;
  CHECK(code(failure) == ExitCode::left_behind);

  auto interrupted = failure_at(1, "57014");
  interrupted.server_error.interrupted = true;
  CHECK(code(interrupted) == ExitCode::interrupted);
  interrupted.aftermath = db::Aftermath::left_behind;
  CHECK(code(interrupted) == ExitCode::left_behind);

  auto lost = failure_at(std::nullopt, "");
  lost.server_error.connection_lost = true;
  CHECK(code(lost) == ExitCode::unreachable);
  lost.stage = db::RunStage::commit;
  CHECK(code(lost) == ExitCode::rolled_back);
}

TEST_CASE("the state names each statement that was done, failed, or not run") {
  const auto run = run_of_three();
  const db::DatabaseInfo database{.database = "app_dev"};
  const auto state = [&](std::optional<std::size_t> statement, int done) {
    auto failure = failure_at(statement);
    failure.aftermath = db::Aftermath::left_behind;
    failure.steps_done = done;
    return last_note(to_failure(failure, run, database, false), "state");
  };
  CHECK(state(0, 0) == "NOT rolled back: statement 1 failed, statements 2 to 3 not run; a1 is marked as unfinished");
  CHECK(state(1, 1) ==
        "NOT rolled back: statement 1 done, statement 2 failed, statement 3 not run; a1 is marked as unfinished");
  CHECK(state(2, 2) == "NOT rolled back: statements 1 to 2 done, statement 3 failed; a1 is marked as unfinished");
  CHECK(state(std::nullopt, 3) == "NOT rolled back: statements 1 to 3 done; a1 is marked as unfinished");
  CHECK(state(std::nullopt, 1) ==
        "NOT rolled back: statement 1 done, statements 2 to 3 not run; a1 is marked as unfinished");
}

TEST_CASE("values of rows in DETAIL and in the context of COPY stay hidden unless asked for") {
  const auto run = run_of_three();
  auto failure = failure_at(2, "22P02");
  failure.server_error.detail = "Key (a)=(secret) is odd.";
  failure.server_error.context = "COPY t, line 2: \"secret\"\nsomewhere else";
  for (const bool shown : {true, false}) {
    const auto told = to_failure(failure, run, {}, shown);
    std::string all;
    for (const auto& note : told.diagnostics.front().notes) all += note.text + "\n";
    CHECK((all.find("secret") != std::string::npos) == shown);
    CHECK((all.find("--show-detail") == std::string::npos) == shown);
  }
}
