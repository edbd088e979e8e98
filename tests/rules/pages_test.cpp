// Every rule's page is its test: the bad examples fire exactly once, the good ones are silent, all run on a server.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <migrate/db/session.hpp>
#include <migrate/rules/judge.hpp>

#include "rules/judging.hpp"
#include "support/catch.hpp"
#include "support/test_server.hpp"

using namespace migrate;
using migrate::test::Example;
using migrate::test::Question;

namespace {

const std::vector<test::Page>& pages() {
  static const auto all = test::read_pages();
  return all;
}

std::string plain(std::string text) {
  std::erase(text, '`');
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string stripped(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.erase(0, 1);
  return text;
}

bool speaks_in_files(const rules::Rule& rule, const Example& example) {
  return !rule.needs_database && !example.block.has("database");
}

db::Session connect(const test::TestDatabase& database) {
  auto session = db::Session::connect({.conninfo = database.conninfo()});
  REQUIRE(session);
  return *std::move(session);
}

void prepare(db::Session& session, const Example& example) {
  const test::Block block{"setup", {"none"}, {}, 0};
  REQUIRE(test::run_statements(session, block, example.setup) == "");
  if (!example.rows.empty()) REQUIRE(test::run_statements(session, block, example.rows) == "");
}

bool runs_on(const Example& example, int major) {
  const int since = example.block.number("since"), before = example.block.number("before");
  return major >= since && (before == 0 || major < before);
}

void check_example(const rules::Rule& rule, const Example& example) {
  const Question question{rule, example, example.block.sql};
  const std::size_t expected = example.block.kind == "bad" ? 1 : 0;
  INFO("docs/rules/" << rule.id << ".md:" << example.block.line << "\n" << example.block.sql);
  if (!runs_on(example, test::TestServer::instance().major())) return;
  test::TestDatabase database;
  auto session = connect(database);
  prepare(session, example);
  if (!example.block.has("files")) {
    const auto found = test::findings_with(session, question);
    INFO("with the database: " << fmt::format("{}", fmt::join(found, "\n")));
    CHECK(found.size() == expected);
  }
  const std::string trouble = test::run_statements(session, example.block, example.block.sql);
  INFO("the server said: " << trouble);
  CHECK(trouble.empty() == !example.block.has("fails"));
}

std::string dump_of(const test::TestDatabase& database) {
  const auto dump = test::server_binaries().directory / "pg_dump";
  const std::string command = fmt::format("'{}' --schema-only --no-owner '{}' 2>&1", dump.string(), database.url());
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  std::string text;
  for (char buffer[4096]; const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe.get());)
    text.append(buffer, n);
  // A key of each dump's own (psql's \restrict).
  for (std::size_t at; (at = text.find("restrict ")) != std::string::npos;) text.erase(at, text.find('\n', at) - at);
  return text;
}

std::string schema_after(const Example& example, const std::string& sql) {
  test::TestDatabase database;
  auto session = connect(database);
  prepare(session, example);
  CHECK(test::run_statements(session, example.block, sql) == "");
  return dump_of(database);
}

test::Block block_for(const rules::RevisionDraft& draft) {
  return {"bad", draft.transaction_none ? std::set<std::string>{"none"} : std::set<std::string>{}, {}, 0};
}

bool has_pg_dump() { return std::filesystem::exists(test::server_binaries().directory / "pg_dump"); }

// A share of the pages, so that several processes may work on them.
void check_share(std::size_t share, std::size_t of) {
  for (std::size_t i = share; i < pages().size(); i += of) {
    const rules::Rule* rule = rules::find_rule(pages()[i].id);
    if (!rule) continue;
    DYNAMIC_SECTION(pages()[i].id) {
      for (const auto& example : pages()[i].examples) check_example(*rule, example);
    }
  }
}

}  // namespace

TEST_CASE("every rule has a page, and every page a rule, and they say the same") {
  for (const auto& page : pages()) {
    INFO("docs/rules/" << page.id << ".md");
    const rules::Rule* rule = rules::find_rule(page.id);
    CHECK(rule != nullptr);
    if (!rule) continue;
    CHECK(plain(page.summary) == plain(std::string(rule->summary)));
    CHECK(page.category == rules::to_text(rule->category));
    CHECK(page.level.find(rules::to_text(rule->level)) == 0);
    if (rule->strict > rule->level) CHECK(page.level.find(rules::to_text(rule->strict), 1) != std::string::npos);
    CHECK(std::any_of(page.examples.begin(), page.examples.end(), [](const auto& e) { return e.block.kind == "bad"; }));
    CHECK(
        std::any_of(page.examples.begin(), page.examples.end(), [](const auto& e) { return e.block.kind == "good"; }));
  }
  for (const rules::Rule* rule : rules::all_rules()) {
    INFO(rule->id);
    CHECK(std::any_of(pages().begin(), pages().end(), [&](const auto& page) { return page.id == rule->id; }));
    CHECK_FALSE(rules::page_of(rule->id).empty());
  }
}

TEST_CASE("judged from files alone, a bad example fires once and a good one is silent") {
  for (const auto& page : pages()) {
    const rules::Rule* rule = rules::find_rule(page.id);
    if (!rule) continue;
    for (const auto& example : page.examples) {
      INFO("docs/rules/" << page.id << ".md:" << example.block.line << "\n" << example.block.sql);
      const auto found = test::findings_in_files({*rule, example, example.block.sql});
      INFO("from the files: " << fmt::format("{}", fmt::join(found, "\n")));
      const bool fires = example.block.kind == "bad" && speaks_in_files(*rule, example);
      CHECK(found.size() == (fires ? 1u : 0u));
    }
  }
}

TEST_CASE("judged with a database and run there, examples do what their page says (1 of 4)") { check_share(0, 4); }
TEST_CASE("judged with a database and run there, examples do what their page says (2 of 4)") { check_share(1, 4); }
TEST_CASE("judged with a database and run there, examples do what their page says (3 of 4)") { check_share(2, 4); }
TEST_CASE("judged with a database and run there, examples do what their page says (4 of 4)") { check_share(3, 4); }

TEST_CASE("a fix is what the page says, takes the finding away, and gives the same schema") {
  for (const auto& page : pages()) {
    const rules::Rule* rule = rules::find_rule(page.id);
    if (!rule) continue;
    for (const auto& example : page.examples) {
      if (example.fixed.empty()) continue;
      INFO("docs/rules/" << page.id << ".md:" << example.block.line << "\n" << example.block.sql);
      const std::string fixed = test::fixed_sql({*rule, example, example.block.sql});
      CHECK(stripped(fixed) == stripped(example.fixed));
      CHECK(test::findings_in_files({*rule, example, example.fixed}).empty());
      const bool runs = !example.block.has("fails") && runs_on(example, test::TestServer::instance().major());
      if (runs && rule->category != rules::Category::naming && rule->category != rules::Category::transaction &&
          !example.block.has("differs") && has_pg_dump()) {
        CHECK(schema_after(example, example.block.sql) == schema_after(example, example.fixed));
      }
    }
  }
}

TEST_CASE("a rewrite in several revisions gives the same schema, step by step without the finding, and back again") {
  if (!has_pg_dump()) {
    WARN("not compared: this PostgreSQL comes without pg_dump");
    return;
  }
  std::size_t seen = 0;
  for (const auto& page : pages()) {
    const rules::Rule* rule = rules::find_rule(page.id);
    if (!rule) continue;
    for (const auto& example : page.examples) {
      const auto drafts = test::rewrite_of({*rule, example, example.block.sql});
      if (drafts.empty() || example.block.has("fails")) continue;
      ++seen;
      INFO("docs/rules/" << page.id << ".md:" << example.block.line << "\n" << example.block.sql);
      test::TestDatabase database;
      auto session = connect(database);
      prepare(session, example);
      const std::string before = dump_of(database);
      for (const auto& draft : drafts) {
        INFO(draft.upgrade_sql);
        CHECK(test::run_statements(session, block_for(draft), draft.upgrade_sql) == "");
      }
      CHECK(dump_of(database) == schema_after(example, example.block.sql));
      for (auto draft = drafts.rbegin(); draft != drafts.rend(); ++draft) {
        INFO(draft->downgrade_sql);
        CHECK(test::run_statements(session, block_for(*draft), draft->downgrade_sql) == "");
      }
      CHECK(dump_of(database) == before);
    }
  }
  CHECK(seen >= 5);
}
