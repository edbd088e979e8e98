#include "ops/lint/judge_settings.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::ops;

namespace {

/// A place in a settings file that holds only the word.
config::Place place_of(const std::string& word) { return {make_source("migrate.toml", word), {0, word.size()}}; }

config::PlacedSetting<std::string> written(const std::string& word) {
  return {{word, config::Origin::file, "migrate.toml:1:1"}, place_of(word)};
}

std::string text_of(const Result<JudgeSettings>& result) {
  if (result) return "no error";
  std::string text;
  for (const auto& diagnostic : result.error().diagnostics) {
    text += diagnostic.id + ": " + diagnostic.message;
    if (diagnostic.primary) text += " at " + std::string(diagnostic.primary->source->text(diagnostic.primary->range));
    text += '\n';
    for (const auto& help : diagnostic.helps) text += "help: " + help.message + '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("settings that are not written give the options that the rules have by themselves") {
  const auto settings = judge_settings(config::Settings{});
  REQUIRE(settings);
  const rules::Options own;
  CHECK(settings->options.small_table_bytes == own.small_table_bytes);
  CHECK(settings->options.large_change_rows == own.large_change_rows);
  CHECK(settings->options.wide_index_columns == own.wide_index_columns);
  CHECK(settings->options.money_words == own.money_words);
  CHECK(settings->options.category_words == own.category_words);
  CHECK(settings->options.timestamp_columns == own.timestamp_columns);
  CHECK(settings->options.soft_delete_column == own.soft_delete_column);
  CHECK(settings->options.primary_key_types == own.primary_key_types);
  CHECK(settings->options.forbidden_types == own.forbidden_types);
  CHECK(settings->options.minimum_version == own.minimum_version);
  for (const auto* rule : rules::all_rules()) CHECK(settings->selection.level(*rule) == rule->level);
}

TEST_CASE("a rule's own line goes before the preset") {
  config::Settings settings;
  settings.lint.preset = written("none");
  settings.lint.rules.push_back(
      {"transaction-control", "warning", place_of("transaction-control"), place_of("warning"), "x"});
  const auto result = judge_settings(settings);
  REQUIRE(result);
  for (const auto* rule : rules::all_rules()) {
    const auto expected = rule->id == "transaction-control" ? rules::Level::warning : rules::Level::off;
    CHECK(result->selection.level(*rule) == expected);
  }
}

TEST_CASE("words that no rule understands are errors with their places and the nearest, all at once") {
  config::Settings settings;
  settings.lint.preset = written("stricct");
  settings.lint.rules.push_back(
      {"transaction-controll", "loud", place_of("transaction-controll"), place_of("loud"), "x"});
  settings.lint.minimum_version = {{140000, config::Origin::file, "x"}, place_of("140000")};
  settings.naming.preset = written("idx-lang");
  settings.naming.unnamed = written("requires");
  settings.naming.kinds.push_back({"indx", place_of("indx"), "x", {}, {}});
  CHECK(text_of(judge_settings(settings)) ==
        "invalid-settings: there is no preset `stricct` of rules at stricct\nhelp: did you mean `strict`?\n"
        "invalid-settings: there is no rule `transaction-controll` at transaction-controll\n"
        "help: did you mean `transaction-control`?\nhelp: see the rules there are: migrate explain\n"
        "invalid-settings: `loud` is not a level of rules at loud\nhelp: it is one of error, warning, note and off\n"
        "invalid-settings: 140000 is no version of PostgreSQL at 140000\nhelp: write the major version alone, like 14\n"
        "invalid-settings: there is no preset `idx-lang` of names at idx-lang\nhelp: did you mean `idx-long`?\n"
        "invalid-settings: `requires` is not a value of `unnamed` at requires\nhelp: did you mean `require`?\n"
        "invalid-settings: there is no kind of names `indx` at indx\nhelp: did you mean `index`?\n"
        "help: the kinds are table, column, primary_key, index, unique, unique_index, check, foreign_key, exclusion, "
        "sequence, trigger, type, view, materialized_view, function, schema and domain\n");
}

TEST_CASE("templates of the settings replace the preset's, and a broken one is told at its place") {
  config::Settings settings;
  settings.naming.kinds.push_back(
      {"index", place_of("index"), "x", {{"i_{table}", place_of("i_{table}")}}, {"legacy"}});
  const auto result = judge_settings(settings);
  REQUIRE(result);
  const rules::NameParts parts{.schema = {},
                               .table = "users",
                               .column = {},
                               .columns = {"email"},
                               .referenced_table = {},
                               .referenced_columns = {},
                               .type = {}};
  CHECK(result->options.naming.accepts(rules::NameKind::index, "i_users", parts));
  CHECK(result->options.naming.accepts(rules::NameKind::index, "legacy", parts));
  CHECK_FALSE(result->options.naming.accepts(rules::NameKind::index, "ix_users_email", parts));

  settings.naming.kinds.front().templates = {{"i_{tabel}", place_of("i_{tabel}")}};
  CHECK(text_of(judge_settings(settings)).find(" at i_{tabel}\n") != std::string::npos);
}
