#include "layers/layers.hpp"

#include <cctype>
#include <sstream>

namespace layers {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string plain;
  for (const char c : text) plain += c == '{' || c == '}' || c == ',' || c == '`' ? ' ' : c;
  std::vector<std::string> words;
  std::istringstream stream(plain);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at; (at = text.find(separator)) != std::string_view::npos; text.remove_prefix(at + separator.size()))
    parts.push_back(text.substr(0, at));
  parts.push_back(text);
  return parts;
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

void read_chain(std::string_view line, Rules& rules) {
  std::vector<std::vector<std::string>> levels;
  for (const auto part : split(line, "->")) levels.push_back(words_of(part));
  for (std::size_t left = 0; left < levels.size(); ++left)
    for (const auto& room : levels[left])
      for (std::size_t right = left; right < levels.size(); ++right)
        for (const auto& other : levels[right])
          if (right > left || other == room) rules.may_include[room].insert(other);
}

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  for (const auto cell : split(row.substr(1), "|")) cells.push_back(trimmed(cell));
  if (!cells.empty() && cells.back().empty()) cells.pop_back();
  return cells;
}

void read_library(const std::vector<std::string>& cells, Rules& rules) {
  if (cells.size() != 3) {
    rules.troubles.push_back("a row of the library table has not three cells: " + cells.front());
    return;
  }
  Rules::Library library{cells[0], words_of(cells[1]), {}};
  for (auto& room : words_of(cells[2])) {
    if (!rules.may_include.contains(room))
      rules.troubles.push_back("the library table names a room without an arrow: " + room);
    library.rooms.insert(std::move(room));
  }
  rules.libraries.push_back(std::move(library));
}

void read_long_file(const std::vector<std::string>& cells, Rules& rules) {
  if (cells.size() != 2 || cells[1].empty()) {
    rules.troubles.push_back("a long file is listed without a reason: " + cells.front());
    return;
  }
  const auto path = words_of(cells[0]);
  if (path.size() == 1) rules.long_files.emplace(path.front(), cells[1]);
}

}  // namespace

Rules read_rules(std::string_view architecture) {
  Rules rules;
  bool arrows = false;
  std::string table;
  for (const auto& line : lines_of(architecture)) {
    if (line.starts_with("```")) {
      arrows = line == "```arrows";
    } else if (arrows) {
      if (line.find("->") != std::string::npos) read_chain(line, rules);
    } else if (line.starts_with("|")) {
      const auto cells = cells_of(line);
      if (cells.empty()) continue;
      if (table.empty())
        table = cells.front();
      else if (cells.front().starts_with("--"))
        continue;
      else if (table == "Library")
        read_library(cells, rules);
      else if (table == "Long file")
        read_long_file(cells, rules);
    } else {
      table.clear();
    }
  }
  if (rules.may_include.empty()) rules.troubles.emplace_back("there is no ```arrows block");
  if (rules.libraries.empty()) rules.troubles.emplace_back("there is no table of libraries");
  return rules;
}

}  // namespace layers
