// Real histories: what the room makes of every file, against libpg_query's own splitting of the whole file.
#include <algorithm>
#include <filesystem>

#include <pg_query.h>

#include <migrate/base/file.hpp>

#include "support/catch.hpp"
#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

std::vector<std::filesystem::path> history_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = MIGRATE_SOURCE_DIR "/../shared/corpora/histories";
  if (!std::filesystem::is_directory(folder)) {
    WARN("SKIPPED: the corpora of histories are not beside the project");
    return files;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<SourcePtr> histories() {
  std::vector<SourcePtr> sources;
  for (const auto& path : history_files()) {
    const auto text = read_file(path);
    REQUIRE(text);
    sources.push_back(make_source(path.string(), *text));
  }
  return sources;
}

// Texts of the tokens without comments, and without the semicolons outside of `inside`.
std::vector<std::string_view> tokens_of_file(std::string_view text, const std::vector<sql::Statement>& inside) {
  const auto tokens = sql::scan(text);
  REQUIRE(tokens);
  std::vector<std::string_view> texts;
  std::size_t next = 0;
  for (const auto& token : *tokens) {
    while (next < inside.size() && inside[next].range.end <= token.range.begin) ++next;
    const bool between = next == inside.size() || token.range.begin < inside[next].range.begin;
    if (token.kind == sql::TokenKind::comment) continue;
    if (between) {
      REQUIRE(token.range.of(text) == ";");
      continue;
    }
    texts.push_back(token.range.of(text));
  }
  return texts;
}

std::optional<int> parser_count(std::string_view text) {
  const auto answer = pg_query_split_with_parser(std::string(text).c_str());
  const std::optional<int> count = answer.error ? std::nullopt : std::optional(answer.n_stmts);
  pg_query_free_split_result(answer);
  return count;
}

}  // namespace

TEST_CASE("the statements of real histories are what PostgreSQL's parser makes of each file") {
  const auto sources = histories();
  std::size_t compared = 0;
  for (const auto& source : sources) {
    INFO(source->path());
    const auto statements = sql::split_statements(source, whole(source));
    REQUIRE(statements);
    const auto count = parser_count(source->text());
    if (count) {
      ++compared;
      REQUIRE(statements->size() == static_cast<std::size_t>(*count));
    }

    std::vector<std::string_view> joined;
    for (const auto& statement : *statements) {
      const auto text = source->text(statement.range);
      const auto tokens = sql::scan(text);
      REQUIRE(tokens);
      for (const auto& token : *tokens) {
        if (token.kind != sql::TokenKind::comment) joined.push_back(token.range.of(text));
      }
      const auto facts = sql::examine_statement(text);
      if (count) REQUIRE(facts.parsed);
      REQUIRE_FALSE(facts.tag.empty());
      REQUIRE_FALSE(facts.summary.empty());
    }
    REQUIRE(joined == tokens_of_file(source->text(), *statements));
  }
  if (!sources.empty()) CHECK(compared > sources.size() * 99 / 100);
}

TEST_CASE("between the statements of real histories is between tokens, and inside their literals is not") {
  for (const auto& source : histories()) {
    INFO(source->path());
    const auto text = source->text();
    const auto tokens = sql::scan(text);
    REQUIRE(tokens);
    for (const auto& token : *tokens) {
      if (token.kind != sql::TokenKind::string && token.kind != sql::TokenKind::quoted_identifier) continue;
      REQUIRE(sql::is_between_tokens(text, {token.range.begin}));
      REQUIRE_FALSE(sql::is_between_tokens(text, {token.range.end - 1}));
      break;
    }
    REQUIRE(sql::is_between_tokens(text, {text.size()}));
  }
}

TEST_CASE("the checksum of real histories does not change with comments, line ends and white space") {
  for (const auto& source : histories()) {
    INFO(source->path());
    const auto text = source->text();
    const auto tokens = sql::scan(text);
    REQUIRE(tokens);
    std::string reformatted = "-- licence: don't\r\n";
    for (const auto& token : *tokens) {
      if (token.kind == sql::TokenKind::comment) continue;
      reformatted += token.range.of(text);
      reformatted += " /* ' */\r\n";
    }
    REQUIRE(checksum(reformatted) == sql::section_checksum(source, whole(source)));
  }
}
