// The engine: what is judged, what is allowed, how loud a finding is.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <migrate/rules/judge.hpp>

#include "support/catch.hpp"

using namespace migrate;
using rules::Level;

namespace {

struct File {
  SourcePtr source;
  revision::RevisionFile file;
  rules::JudgedRevision upgrade, downgrade;
};

std::unique_ptr<File> revision_of(const std::string& id, const std::string& parent, const std::string& sql,
                                  const std::string& header = "", const std::string& down = "SELECT 1;") {
  auto file = std::make_unique<File>();
  file->source = make_source(id + ".sql", fmt::format("-- Test\n--\n-- Revision ID: {}\n-- Revises: {}\n{}\n"
                                                      "-- migrate:upgrade\n{}\n-- migrate:downgrade\n{}\n",
                                                      id, parent, header, sql, down));
  auto parsed = revision::parse_revision(file->source);
  REQUIRE(parsed);
  file->file = *std::move(parsed);
  file->upgrade = *rules::read_revision(file->source, file->file, false);
  file->downgrade = *rules::read_revision(file->source, file->file, true);
  return file;
}

using Lines = std::vector<std::string>;

Lines lines_of(const rules::Verdict& verdict) {
  Lines lines;
  for (const auto& judged : verdict.findings) {
    const auto& primary = *judged.finding.diagnostic.primary;
    lines.push_back(fmt::format("{}:{} {} {}", primary.source->path(),
                                primary.source->line_column({primary.range.begin}).line, rules::to_text(judged.level),
                                judged.rule->id));
  }
  return lines;
}

Lines judge(const std::vector<const File*>& files, rules::World world = {}, const char* preset = "recommended") {
  std::vector<rules::Candidate> candidates;
  for (const auto* file : files) candidates.push_back({&file->upgrade, &file->downgrade, true});
  return lines_of(rules::judge(candidates, std::move(world), *rules::preset(preset), {}));
}

const std::string table = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);";
const std::string index_sql = "CREATE INDEX ix_users_email ON users (email);";

catalog::Schema live(catalog::Rows rows, std::uint64_t bytes) {
  catalog::Schema schema;
  schema.complete = true;
  schema.server_version = 150000;
  catalog::Relation users;
  users.name = {"public", "users", {}};
  users.rows = rows;
  users.bytes = bytes;
  for (const std::string name : {"id", "email"}) {
    users.columns.push_back({});
    users.columns.back().name = name;
  }
  schema.add(std::move(users));
  return schema;
}

}  // namespace

TEST_CASE("a table of the same revision is nobody's yet, one of an earlier revision is assumed to be full") {
  const auto both = revision_of("a1", "", table + "\n" + index_sql);
  CHECK(judge({both.get()}) == Lines{});
  const auto first = revision_of("a1", "", table);
  const auto second = revision_of("b2", "a1", index_sql);
  CHECK(judge({first.get(), second.get()}) == Lines{"b2.sql:7 error non-concurrent-index"});
}

TEST_CASE("with a live catalog, what the run itself makes is empty, and what is there is as full as it is") {
  const auto first = revision_of("a1", "", table);
  const auto second = revision_of("b2", "a1", index_sql);
  catalog::Schema empty;
  empty.complete = true;
  CHECK(judge({first.get(), second.get()}, {empty, catalog::Rows::none}) == Lines{});
  CHECK(judge({second.get()}, {live(catalog::Rows::none, 0), catalog::Rows::none}) == Lines{});
  CHECK(judge({second.get()}, {live(catalog::Rows::some, 1ull << 30), catalog::Rows::none}) ==
        Lines{"b2.sql:7 error non-concurrent-index"});
  // Small: a warning.
  CHECK(judge({second.get()}, {live(catalog::Rows::some, 8192), catalog::Rows::none}) ==
        Lines{"b2.sql:7 warning non-concurrent-index"});
}

TEST_CASE("what stands before the baseline is taken into account, and not judged") {
  const auto first = revision_of("a1", "", table + "\nDROP TABLE other;");
  const auto second = revision_of("b2", "a1", index_sql);
  const std::vector<rules::Candidate> candidates{{&first->upgrade, &first->downgrade, false},
                                                 {&second->upgrade, &second->downgrade, true}};
  const auto verdict = rules::judge(candidates, {}, *rules::preset("recommended"), {});
  CHECK(lines_of(verdict) == Lines{"b2.sql:7 error non-concurrent-index"});
  CHECK(verdict.findings[0].revision == 1);
  CHECK(verdict.refused());
}

TEST_CASE("an allowance over a statement counts for it alone, one in the header for the revision") {
  const auto first = revision_of("a1", "", table + "\nCREATE TABLE orders (id bigint PRIMARY KEY, code text);");
  const std::string two = "-- migrate:allow non-concurrent-index (it is small)\n" + index_sql +
                          "\nCREATE INDEX ix_orders_code ON orders (code);";
  const auto statement = revision_of("b2", "a1", two);
  CHECK(judge({first.get(), statement.get()}) == Lines{"b2.sql:9 error non-concurrent-index"});
  const auto header = revision_of("b2", "a1", index_sql + "\nCREATE INDEX ix_orders_code ON orders (code);",
                                  "-- migrate:allow non-concurrent-index (both are small)");
  CHECK(judge({first.get(), header.get()}) == Lines{});
}

TEST_CASE("an allowance that is unknown, has no reason, or is not used is a finding") {
  const auto first = revision_of("a1", "", table);
  const auto unknown = revision_of("b2", "a1", "-- migrate:allow non-concurrent-indx (small)\n" + index_sql);
  CHECK(judge({first.get(), unknown.get()}) ==
        Lines{"b2.sql:7 error unknown-allowance", "b2.sql:8 error non-concurrent-index"});
  const auto reasonless = revision_of("b2", "a1", "-- migrate:allow non-concurrent-index\n" + index_sql);
  CHECK(judge({first.get(), reasonless.get()}) == Lines{"b2.sql:7 error allowance-without-reason"});
  const auto unused = revision_of("b2", "a1", "-- migrate:allow non-concurrent-index (small)\nSELECT 1;");
  CHECK(judge({first.get(), unused.get()}) == Lines{"b2.sql:7 warning unused-allowance"});
  // On a live database the table may be empty by chance.
  CHECK(judge({unused.get()}, {live(catalog::Rows::none, 0), catalog::Rows::none}) == Lines{});
}

TEST_CASE("a preset chooses the levels, and none is silent") {
  const auto first = revision_of("a1", "", table);
  const auto second = revision_of("b2", "a1", index_sql);
  CHECK(judge({first.get(), second.get()}, {}, "none") == Lines{});
  CHECK_FALSE(rules::preset("loud"));
  for (const rules::Rule* rule : rules::all_rules()) {
    CHECK(rules::preset("strict")->level(*rule) >= rule->level);
    CHECK(rules::find_rule(rule->id) == rule);
  }
}

TEST_CASE("in the downgrade section the rules of transactions hold, and those of locks are silent") {
  const auto revision = revision_of("a1", "", table, "", "COMMIT;\nDROP TABLE users;");
  CHECK(judge({revision.get()}) == Lines{"a1.sql:9 error transaction-control"});
}

TEST_CASE("a server that builds wrong indexes concurrently is known by its version") {
  const auto revision = revision_of("b2", "a1", "CREATE INDEX CONCURRENTLY ix_users_email ON users (email);");
  const auto count = [&](int version) {
    catalog::Schema schema = live(catalog::Rows::some, 8192);
    schema.server_version = version;
    const auto found = judge({revision.get()}, {std::move(schema), catalog::Rows::none});
    return std::count(found.begin(), found.end(), "b2.sql:7 error concurrent-index-corruption");
  };
  CHECK(count(140000) == 1);
  CHECK(count(140003) == 1);
  CHECK(count(140004) == 0);
  CHECK(count(150000) == 0);
}

namespace {

// The level at which a statement that the parser does not know is told of; `version` of the server.
std::string level_of_unknown(const std::string& sql, std::optional<rules::Trial> trial, catalog::Schema schema,
                             int version) {
  const auto file = revision_of("a1", "", sql);
  file->upgrade.statements.front().trial = trial;
  schema.server_version = version;
  const rules::Candidate candidate{.upgrade = &file->upgrade};
  auto selection = *rules::preset("none");
  selection.levels["unparsed-statement"] = Level::error;
  const auto verdict = rules::judge({&candidate, 1}, {std::move(schema)}, selection, {});
  return verdict.findings.size() == 1 ? std::string(to_text(verdict.findings.front().level)) : "none or several";
}

constexpr int newer = 180000;
constexpr std::uint64_t large = 1ULL << 30, small = 8192;

}  // namespace

TEST_CASE("an ALTER TABLE that the parser does not know is as bad as what the server did with it") {
  const std::string sql = "ALTER TABLE users FROBNICATE;";
  const auto level = [&](std::optional<rules::Trial> trial, catalog::Rows rows, std::uint64_t bytes) {
    return level_of_unknown(sql, trial, live(rows, bytes), newer);
  };
  CHECK(level(std::nullopt, catalog::Rows::some, large) == "error");
  CHECK(level(rules::Trial{}, catalog::Rows::some, large) == "note");
  CHECK(level(rules::Trial{.rewrites = true}, catalog::Rows::some, large) == "error");
  CHECK(level(rules::Trial{.scans = true}, catalog::Rows::some, large) == "error");
  CHECK(level(rules::Trial{.builds_index = true}, catalog::Rows::some, large) == "error");
  CHECK(level(rules::Trial{.rewrites = true}, catalog::Rows::some, small) == "warning");
  CHECK(level(rules::Trial{.rewrites = true}, catalog::Rows::none, 0) == "note");
}

TEST_CASE("other SQL that the parser does not know is judged by its first words where the server is newer") {
  struct Case {
    std::string sql;
    std::string expected;
  };
  const Case cases[] = {
      {"CREATE TABLE logs (id int) SOMEHOW ODD;", "warning"},
      {"CREATE VIEW v AS SELECT SOMEHOW ODD FROM;", "warning"},
      {"MERGE INTO users SOMEHOW;", "warning"},
      {"INSERT INTO users SOMEHOW;", "warning"},
      {"DELETE FROM users SOMEHOW ODD;", "error"},
      {"DELETE FROM users SOMEHOW ODD WHERE id = 1;", "warning"},
      {"CREATE INDEX i ON users (id) SOMEHOW ODD;", "error"},
      {"ALTER TABLE users FROBNICATE;", "error"},
      {"ALTER TABLE not_there FROBNICATE;", "warning"},
      {"FROBNICATE users;", "error"},
  };
  for (const auto& each : cases) {
    INFO(each.sql);
    CHECK(level_of_unknown(each.sql, std::nullopt, live(catalog::Rows::some, large), newer) == each.expected);
    CHECK(level_of_unknown(each.sql, std::nullopt, live(catalog::Rows::some, large), 140000) == "error");
  }
}

TEST_CASE("a type that no column has is dropped with a note, one that is in use with a warning") {
  const auto make = [](const std::string& columns) {
    return revision_of(
        "a1", "", "CREATE TYPE mood AS ENUM ('fair');\nCREATE TABLE users (id bigint PRIMARY KEY" + columns + ");");
  };
  const auto drop = revision_of("b2", "a1", "DROP TYPE mood;");
  const auto unused = make(""), used = make(", state mood");
  CHECK(judge({unused.get(), drop.get()}) == Lines{"b2.sql:7 note drop-type-in-use"});
  CHECK(judge({used.get(), drop.get()}) == Lines{"b2.sql:7 warning drop-type-in-use"});
}
