// A rule's page, docs/rules/<id>.md, as a test reads it: see docs/rules/README.md.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace migrate::test {

struct Block {
  std::string kind;             // setup, rows, bad, good, fixed
  std::set<std::string> words;  // fails, database, ...
  std::string sql;
  std::size_t line = 0;  // of its first line in the page

  [[nodiscard]] bool has(const std::string& word) const { return words.count(word) > 0; }
  // "since=17": 17; 0 without it.
  [[nodiscard]] int number(const std::string& word) const;
};

// A bad or good block with what stands before it.
struct Example {
  Block block;
  std::string setup;
  std::string rows;
  std::string fixed;  // of a bad one, if the page has it
};

struct Page {
  std::string id;
  std::string summary;  // the first paragraph
  std::string category, level;
  std::vector<Example> examples;
};

std::vector<Page> read_pages();

}  // namespace migrate::test
