#include "ui/json.hpp"

#include <fmt/format.h>

#include <migrate/version.hpp>

#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::ui;

TEST_CASE("A diagnostic in JSON has its place in lines, columns and bytes") {
  const auto source = make_source("migrations/a.sql", "-- é\nALTER TABLE a ADD b int;\n");
  auto diagnostic = error("unique-violation", "could not create unique index \"a_key\"")
                        .at(source, {6, 17}, "statement 1 of 1")
                        .also(source, {3, 5})
                        .note("state", "rolled back")
                        .help("remove the duplicates", {Edit{source, {6, 11}, "DROP"}});
  diagnostic.sqlstate = "23505";
  CHECK(to_json(diagnostic) == Json::parse(R"({
    "severity": "error", "id": "unique-violation", "message": "could not create unique index \"a_key\"",
    "file": "migrations/a.sql",
    "start": {"line": 2, "column": 1, "byte": 6}, "end": {"line": 2, "column": 12, "byte": 17},
    "label": "statement 1 of 1",
    "secondary": [{"file": "migrations/a.sql",
                   "start": {"line": 1, "column": 4, "byte": 3}, "end": {"line": 1, "column": 5, "byte": 5}}],
    "sqlstate": "23505",
    "notes": [{"label": "state", "text": "rolled back"}],
    "help": [{"message": "remove the duplicates",
              "edits": [{"file": "migrations/a.sql",
                         "start": {"line": 2, "column": 1, "byte": 6}, "end": {"line": 2, "column": 6, "byte": 11},
                         "replacement": "DROP"}]}],
    "doc": "reference/diagnostics#errors-of-the-server"})"));
}

TEST_CASE("What a diagnostic does not have is left out of its JSON") {
  CHECK(to_json(warning("", "m")) == Json::parse(R"({"severity": "warning", "id": "", "message": "m"})"));
  CHECK(to_json(error("x", "m").in_file("a.sql").help("h")) ==
        Json::parse(R"({"severity": "error", "id": "x", "message": "m", "file": "a.sql",
                        "help": [{"message": "h"}], "doc": "reference/diagnostics"})"));
}

TEST_CASE("An answer begins with its format, tool, command and exit code") {
  const auto json = envelope("upgrade", ExitCode::rolled_back);
  CHECK(dump(json, true) == fmt::format(R"({{"format":1,"tool":"migrate {}","command":"upgrade","exit_code":4}})"
                                        "\n",
                                        version));
}

TEST_CASE("JSON is written on one line or indented, and bytes that are no text do not break it") {
  const Json json{{"a", 1}, {"b", "\xff\x1b"}};
  CHECK(dump(json, true) == "{\"a\":1,\"b\":\"\ufffd\\u001b\"}\n");
  CHECK(dump(json, false) == "{\n  \"a\": 1,\n  \"b\": \"\ufffd\\u001b\"\n}\n");
}
