#include "ui/reports.hpp"
#include "support/catch.hpp"
#include "ui/json.hpp"

using namespace migrate;
using namespace migrate::ui;

namespace {

Diagnostics two_findings() {
  const auto source = make_source("db/a b.sql", "-- é\nCREATE INDEX i ON t (a);\nCREATE INDEX i ON t (a);\n");
  const auto at = [&](std::size_t begin) {
    return error("non-concurrent-index", "`CREATE INDEX` blocks writes to `t`: 100%")
        .at(source, {begin, begin + 12})
        .note("`t` holds rows")
        .help("build it concurrently", {{source, {begin + 12, begin + 12}, " CONCURRENTLY"}});
  };
  return {at(6), at(31)};
}

}  // namespace

TEST_CASE("workflow commands have their separators escaped, and places from 1") {
  const auto text = render_github(two_findings());
  CHECK(text.substr(0, text.find('\n')) ==
        "::error file=db/a b.sql,line=2,endLine=2,col=1,endColumn=13,title=non-concurrent-index::`CREATE INDEX` blocks "
        "writes to `t`: 100%25%0Anote: `t` holds rows%0Ahelp: build it concurrently");
  const Diagnostics elsewhere{warning("a:b,c", "x").in_file("odd:name,.sql"), warning("", "nowhere")};
  CHECK(render_github(elsewhere) == "::warning file=odd%3Aname%2C.sql,title=a%3Ab%2Cc::x\n::warning ::nowhere\n");
}

TEST_CASE("the code quality report has fingerprints that lines above do not change") {
  const auto findings = two_findings();
  const auto report = Json::parse(render_gitlab(findings));
  REQUIRE(report.size() == 2);
  CHECK(report[0]["location"]["path"] == "db/a b.sql");
  CHECK(report[0]["location"]["lines"]["begin"] == 2);
  CHECK(report[0]["severity"] == "major");
  CHECK(report[0]["fingerprint"] != report[1]["fingerprint"]);

  const auto moved = make_source("db/a b.sql", "\n\n\nCREATE INDEX i ON t (a);\n");
  const Diagnostics later{
      error("non-concurrent-index", "`CREATE INDEX` blocks writes to `t`: 100%").at(moved, {3, 15})};
  CHECK(fingerprints(later)[0] == fingerprints(findings)[0]);
}

TEST_CASE("SARIF names the rules that were broken, their places and their fixes") {
  const auto sarif = Json::parse(render_sarif(two_findings()));
  CHECK(sarif["version"] == "2.1.0");
  const auto& run = sarif["runs"][0];
  CHECK(run["columnKind"] == "unicodeCodePoints");
  REQUIRE(run["tool"]["driver"]["rules"].size() == 1);
  const auto& rule = run["tool"]["driver"]["rules"][0];
  CHECK(rule["id"] == "non-concurrent-index");
  CHECK(rule["defaultConfiguration"]["level"] == "error");
  CHECK(rule["help"]["markdown"].get<std::string>().starts_with("# non-concurrent-index"));
  const auto& result = run["results"][1];
  CHECK(result["ruleIndex"] == 0);
  CHECK(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "db/a%20b.sql");
  const Json region{{"startLine", 3}, {"startColumn", 1}, {"endLine", 3}, {"endColumn", 13}};
  CHECK(result["locations"][0]["physicalLocation"]["region"] == region);
  CHECK(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == " CONCURRENTLY");
}

TEST_CASE("a report without findings is whole") {
  CHECK(render_github({}).empty());
  CHECK(render_gitlab({}) == "[]\n");
  CHECK(Json::parse(render_sarif({}))["runs"][0]["results"].empty());
}
