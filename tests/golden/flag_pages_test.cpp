// Each command's page names the flags that its help names.
#include <array>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>

#include "support/catch.hpp"

using namespace migrate;
namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

std::string help_of(const std::string& command) {
  const std::string line = std::string(MIGRATE_PROGRAM) + " " + command + " --help";
  FILE* pipe = popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe)) text.append(piece.data(), count);
  REQUIRE(pclose(pipe) == 0);
  return text;
}

std::vector<std::string_view> lines_of_section(std::string_view help, std::string_view title) {
  const auto begin = help.find(title);
  if (begin == std::string_view::npos) return {};
  help.remove_prefix(begin + title.size());
  return split(help.substr(0, help.find("\n\n")), '\n');
}

// Every `--name` of the text.
void add_names(std::string_view text, Names& names) {
  for (auto at = text.find("--"); at != std::string_view::npos; at = text.find("--", at + 2)) {
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at);
    const auto name = text.substr(at, end == std::string_view::npos ? end : end - at);
    if (name != "--") names.emplace(name);
  }
}

Names flags_of_help(const std::string& help, std::string_view section) {
  Names names;
  for (const auto line : lines_of_section(help, section)) {
    // The flags end where two blanks begin what they do; lines that go on with that begin further right.
    const auto flags = line.substr(0, line.find("  ", line.find('-')));
    if (line.find_first_not_of(' ') <= 6) add_names(flags, names);
  }
  return names;
}

Names flags_of_command(const std::string& command) {
  const std::string help = help_of(command);
  Names names = flags_of_help(help, "\nOptions:\n");
  for (const auto line : lines_of_section(help, "\nCommands:\n")) {
    const auto word = trim(line).substr(0, trim(line).find(' '));
    if (word.empty()) continue;
    names.merge(flags_of_help(help_of(command + " " + std::string(word)), "\nOptions:\n"));
  }
  return names;
}

// The first cells of the page's tables of flags.
Names flags_of_page(const fs::path& page) {
  const auto text = read_file(page);
  REQUIRE(text);
  Names names;
  for (const auto line : split(*text, '\n')) {
    if (line.starts_with("| `")) add_names(line.substr(0, line.find(" | ")), names);
  }
  return names;
}

}  // namespace

TEST_CASE("the page of each command has the flags that its help has") {
  const Names everywhere = flags_of_help(help_of(""), "\nGlobal options:\n");
  CHECK(everywhere.contains("--url"));
  std::size_t pages = 0;
  for (const auto& page : fs::directory_iterator(fs::path(MIGRATE_SOURCE_DIR) / "docs/reference/commands")) {
    const std::string command = page.path().stem().string();
    if (command == "json") continue;  // what their answers have in common
    INFO(command);
    Names told = flags_of_page(page.path());
    std::erase_if(told, [&](const std::string& name) { return everywhere.contains(name); });
    CHECK(told == flags_of_command(command));
    ++pages;
  }
  CHECK(pages > 20);
}
