#include "config/settings_file.hpp"
#include "plain_text.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::config;

namespace {

Settings settings_of(std::string text) {
  Settings settings;
  const auto read = read_settings_file(make_source("migrate.toml", std::move(text)), settings);
  INFO(test::plain_text(read));
  REQUIRE(read);
  return settings;
}

std::string errors_of(std::string text) {
  Settings settings;
  return test::plain_text(read_settings_file(make_source("migrate.toml", std::move(text)), settings));
}

std::string text_at(const Place& place) { return std::string(place.source->text(place.range)); }

std::vector<std::string> described(const Settings& settings, std::string_view prefix) {
  std::vector<std::string> lines;
  for (const auto& line : describe(settings)) {
    if (line.name.starts_with(prefix)) lines.push_back(line.name + " = " + line.value + "  " + line.where);
  }
  return lines;
}

}  // namespace

TEST_CASE("the rules' settings are kept as they are written, with their places") {
  const auto settings = settings_of(R"([lint]
preset = "strict"
start_after = "3f2a91c07bd4"
small_table = "512kB"
money_words = ["fare"]
forbidden_types = { timetz = "timestamptz" }

[lint.rules]
prefer-text = "off"
)");
  CHECK(settings.lint.preset.value == "strict");
  CHECK(settings.lint.preset.where == "migrate.toml:2:1");
  CHECK(text_at(settings.lint.preset.place) == "\"strict\"");
  CHECK(settings.lint.start_after.value == std::vector<std::string>{"3f2a91c07bd4"});
  CHECK(settings.lint.small_table.value == Bytes{512 * 1024});
  CHECK(settings.lint.money_words.value == std::vector<std::string>{"fare"});
  CHECK(settings.lint.forbidden_types.value.at("timetz") == "timestamptz");
  CHECK(settings.lint.category_words.origin == Origin::fallback);
  REQUIRE(settings.lint.rules.size() == 1);
  CHECK(text_at(settings.lint.rules[0].rule_place) == "prefer-text");
  CHECK(text_at(settings.lint.rules[0].level_place) == "\"off\"");
}

TEST_CASE("a kind of name has a template, or several of which one must match") {
  const auto settings = settings_of(R"([naming]
preset = "idx-long"
plural_tables = "plural"
[naming.index]
any_of = ["idx_{table}_{columns}", "idx_{table}_{desc}"]
[naming.table]
template = "{desc}"
exceptions = ["news"]
)");
  CHECK(settings.naming.preset.value == "idx-long");
  CHECK(settings.naming.unnamed.origin == Origin::fallback);
  CHECK(described(settings, "naming.") ==
        std::vector<std::string>{"naming.preset = idx-long  migrate.toml:2:1", "naming.identifier =   preset",
                                 "naming.unnamed =   preset", "naming.plural_tables = plural  migrate.toml:3:1",
                                 "naming.index = idx_{table}_{columns}, idx_{table}_{desc}  migrate.toml:4:9",
                                 "naming.table = {desc}  migrate.toml:6:9",
                                 "naming.table.exceptions = news  migrate.toml:6:9"});
}

TEST_CASE("what is set for the rules is described as it can be written") {
  const auto lines =
      described(settings_of("[lint]\nsmall_table = 1073741824\n[lint.rules]\nprefer-text = \"note\"\n"), "lint.");
  CHECK(std::find(lines.begin(), lines.end(), "lint.small_table = 1GB  migrate.toml:2:1") != lines.end());
  CHECK(std::find(lines.begin(), lines.end(), "lint.preset = recommended  default") != lines.end());
  CHECK(lines.back() == "lint.rules.prefer-text = note  migrate.toml:4:1");
}

TEST_CASE("an unknown key of the rules' sections is an error with the nearest") {
  CHECK(errors_of("[lint]\nstart_afer = \"x\"\n").find("help: did you mean `start_after`?") != std::string::npos);
  CHECK(errors_of("[naming]\npresset = \"x\"\n").find("help: did you mean `preset`?") != std::string::npos);
  CHECK(errors_of("[naming.index]\ntemplat = \"x\"\n").find("help: did you mean `template`?") != std::string::npos);
  CHECK(errors_of("small_table = 3\n").find("help: move it below [lint]") != std::string::npos);
}

TEST_CASE("a value of the wrong kind is refused in the rules' sections too") {
  CHECK(errors_of("[lint]\nsmall_table = \"big\"\n") ==
        "error[invalid-settings]: the value of `small_table` is not a size\n"
        "  --> migrate.toml:2:15\n  | small_table = \"big\"\n  |               ^^^^^\n"
        "help: write a number and a unit, like 512kB, 10MB or 1GB\n");
  CHECK(errors_of("[lint]\nlarge_change_rows = -1\n").find("is less than zero") != std::string::npos);
  CHECK(errors_of("[lint]\nsmall_table = \"99999999999TB\"\n").find("is not a size") != std::string::npos);
  CHECK(errors_of("[lint]\nmoney_words = [1]\n").find("takes a text or a list of texts, not a whole number") !=
        std::string::npos);
  CHECK(errors_of("[lint]\nrules = \"off\"\n").find("`rules` is a section, not a text") != std::string::npos);
  CHECK(errors_of("[naming.index]\ntemplate = \"a\"\nany_of = [\"b\"]\n").find("has both `template` and `any_of`") !=
        std::string::npos);
}

TEST_CASE("a secret in a comment is not shown with the place of a rule") {
  const auto settings = settings_of("[lint]\n# password = s3cret\npreset = \"strict\"  # postgres://u:s3cret@h/d\n");
  CHECK(settings.lint.preset.place.source->text().find("s3cret") == std::string_view::npos);
  CHECK(text_at(settings.lint.preset.place) == "\"strict\"");
}
