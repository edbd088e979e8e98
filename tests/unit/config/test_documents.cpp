// The reference and the example are held against the program.
#include <fmt/format.h>
#include <migrate/base/file.hpp>

#include <migrate/base/text.hpp>
#include <migrate/config/settings.hpp>

#include "config/known_keys.hpp"
#include "config/settings_file.hpp"
#include "plain_text.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace migrate;
using namespace migrate::config;

namespace {

std::string file_of_project(const std::string& name) { return read_file(MIGRATE_SOURCE_DIR "/" + name).value(); }

/// The first block of ```toml.
std::string toml_of(const std::string& document) {
  const std::string fence = "```toml\n";
  const auto begin = document.find(fence) + fence.size();
  return document.substr(begin, document.find("```", begin) - begin);
}

}  // namespace

TEST_CASE("the reference has a row for every setting, and its place in the settings file") {
  const auto reference = file_of_project("docs/reference/configuration.md");
  for (const auto& line : describe(Settings{})) {
    if (line.name == "project_dir") continue;
    CAPTURE(line.name);
    CHECK(reference.find("| `" + line.name + "` |") != std::string::npos);
  }
  for (const auto& known : known_keys()) {
    const auto place = fmt::format("| `[{}] {}` |", known.section, known.key);
    CAPTURE(place);
    CHECK(reference.find(place) != std::string::npos);
  }
  for (const auto& [section, keys] : {std::pair("lint", keys_of("lint")), std::pair("naming", keys_of("naming"))}) {
    for (const auto& key : keys) {
      const auto place =
          key == "rules" ? std::string("| `[lint.rules] RULE` |") : fmt::format("| `[{}] {}` |", section, key);
      CAPTURE(place);
      CHECK(reference.find(place) != std::string::npos);
    }
  }
}

TEST_CASE("the settings file of the reference is valid, and sets every key") {
  const auto example = toml_of(file_of_project("docs/reference/configuration.md"));
  Settings settings;
  const auto read = read_settings_file(make_source("example.toml", example), settings);
  INFO(test::plain_text(read));
  REQUIRE(read);
  for (const auto& known : known_keys()) {
    CAPTURE(known.section, known.key);
    std::visit([&](auto member) { CHECK((settings.*member).origin == Origin::file); }, known.destination);
  }
  for (const auto& known : known_lint_keys()) {
    CAPTURE(known.key);
    std::visit([&](auto member) { CHECK((settings.lint.*member).origin == Origin::file); }, known.destination);
  }
  for (const auto& known : known_naming_keys()) {
    CAPTURE(known.key);
    CHECK((settings.naming.*known.destination).origin == Origin::file);
  }
  CHECK(settings.lint.rules.size() == 1);
  CHECK(settings.naming.kinds.size() == 2);
}

TEST_CASE("the example of .env works as it is, and with every line that it offers") {
  const test::TemporaryFolder folder;
  folder.write(".git", "");
  folder.write(".env", file_of_project(".env.example"));
  const auto plain = load_settings({}, {}, folder.path());
  INFO(test::plain_text(plain));
  REQUIRE(plain);
  CHECK(plain->settings.database.value.embedded);
  CHECK(plain->warnings.empty());

  const auto example = file_of_project(".env.example");
  std::string offered;
  for (const auto line : split(example, '\n')) {
    const bool variable = line.starts_with("# ") && line.find('=') != std::string_view::npos &&
                          line.substr(2).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == line.find('=') - 2;
    offered.append(line.substr(variable ? 2 : 0)).append("\n");
  }
  folder.write(".env", offered);
  folder.write("migrate.toml", "");
  const auto all = load_settings({}, {}, folder.path());
  INFO(test::plain_text(all));
  REQUIRE(all);
  CHECK(all->warnings.empty());
  CHECK(all->settings.role.value == "owner");
  CHECK(all->settings.libpq_environment.size() == 8);
}
