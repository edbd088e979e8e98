#include <cctype>
#include <filesystem>
#include <set>
#include <string>

#include <migrate/base/file.hpp>

#include "support/catch.hpp"

using namespace migrate;
namespace fs = std::filesystem;

namespace {

const fs::path root = MIGRATE_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  auto text = read_file(path);
  REQUIRE(text);
  return *std::move(text);
}

bool is_of_id(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

/// The first argument of every `call("...", ` in the text.
void add_ids(const std::string& text, const std::string& call, std::set<std::string>& ids) {
  for (auto at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
    const bool member = at > 0 && (text[at - 1] == '.' || text[at - 1] == '_' ||
                                   std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0);
    const auto quote = text.find_first_not_of(" \n", at + call.size());
    if (member || quote == std::string::npos || text[quote] != '"') continue;
    auto end = quote + 1;
    while (is_of_id(text[end])) ++end;
    if (end > quote + 1 && text[end] == '"' && text[end + 1] == ',')
      ids.insert(text.substr(quote + 1, end - quote - 1));
  }
}

/// Every id that is given to a diagnostic that another place made: `....id = "..."`.
void add_assigned_ids(const std::string& text, std::set<std::string>& ids) {
  for (const std::string_view assigned : {".id = \"", "own_id = \""}) {
    for (auto at = text.find(assigned); at != std::string::npos; at = text.find(assigned, at + 1)) {
      const auto begin = at + assigned.size();
      auto end = begin;
      while (is_of_id(text[end])) ++end;
      if (end > begin && text[end] == '"') ids.insert(text.substr(begin, end - begin));
    }
  }
}

std::set<std::string> ids_of_program() {
  std::set<std::string> ids;
  for (const auto& entry : fs::recursive_directory_iterator(root / "src")) {
    if (entry.path().extension() != ".cpp") continue;
    const auto text = text_of(entry.path());
    add_ids(text, "error(", ids);
    add_ids(text, "warning(", ids);
    add_assigned_ids(text, ids);
  }
  return ids;
}

}  // namespace

TEST_CASE("every diagnostic of the program is explained on a page") {
  const auto ids = ids_of_program();
  CHECK(ids.size() > 100);
  const auto page = text_of(root / "docs/reference/diagnostics.md");
  std::string missing;
  for (const auto& id : ids) {
    const bool rule = fs::exists(root / "docs/rules" / (id + ".md"));
    if (!rule && page.find("`" + id + "`") == std::string::npos) missing += id + "\n";
  }
  CHECK(missing == "");
}
