#include "rules/page.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace migrate::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string after(const std::string& line, const std::string& start) {
  return line.rfind(start, 0) == 0 ? line.substr(start.size()) : std::string();
}

struct Reader {
  Page page;
  std::string setup, rows;
  std::vector<std::string> fixed;
  std::vector<std::size_t> bad;

  void take(const Block& block) {
    if (block.kind == "setup") {
      setup = block.sql;
      rows.clear();
    } else if (block.kind == "rows") {
      rows = block.sql;
    } else if (block.kind == "fixed") {
      fixed.push_back(block.sql);
    } else if (block.kind == "bad" || block.kind == "good") {
      if (block.kind == "bad") bad.push_back(page.examples.size());
      page.examples.push_back({block, setup, rows, {}});
    }
  }
};

Page read_page(const fs::path& path) {
  std::ifstream file(path);
  Reader reader;
  reader.page.id = path.stem().string();
  Block block;
  bool inside = false, title_seen = false;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.rfind("```", 0) == 0) {
      if (inside) reader.take(block);
      const auto words = words_of(line.substr(3));
      inside = !inside && words.size() > 1 && words[0] == "sql";
      if (inside) block = {words[1], {words.begin() + 2, words.end()}, {}, number + 1};
    } else if (inside) {
      block.sql += line + "\n";
    } else if (line.rfind("# ", 0) == 0) {
      title_seen = true;
    } else if (title_seen && reader.page.category.empty() && !line.empty() && line[0] != '-') {
      reader.page.summary += (reader.page.summary.empty() ? "" : " ") + line;
    } else if (const auto category = after(line, "- Category: "); !category.empty()) {
      reader.page.category = category;
    } else if (const auto level = after(line, "- Level: "); !level.empty()) {
      reader.page.level = level;
    }
  }
  for (std::size_t i = 0; i < reader.fixed.size() && i < reader.bad.size(); ++i) {
    reader.page.examples[reader.bad[i]].fixed = reader.fixed[i];
  }
  return std::move(reader.page);
}

}  // namespace

int Block::number(const std::string& word) const {
  for (const auto& one : words) {
    if (one.rfind(word + "=", 0) == 0) return std::stoi(one.substr(word.size() + 1));
  }
  return 0;
}

std::vector<Page> read_pages() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(MIGRATE_SOURCE_DIR "/docs/rules")) {
    const auto stem = entry.path().stem();
    if (entry.path().extension() == ".md" && stem != "README" && stem != "squawk") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Page> pages;
  for (const auto& path : paths) pages.push_back(read_page(path));
  return pages;
}

}  // namespace migrate::test
