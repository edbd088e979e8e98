#include "ui/message_words.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

namespace migrate::ui {

/// docs/reference/diagnostics.md.
std::string_view diagnostics_page();

namespace {

/// "| `a`, `b` | what it means |": the ids, and the text.
struct Row {
  std::vector<std::string> ids;
  std::string_view text;
};

Row read_row(std::string_view line) {
  if (!line.starts_with("| `")) return {};
  const auto cells = line.find(" | ");
  if (cells == std::string_view::npos) return {};
  Row row;
  const auto quoted = split(line.substr(0, cells), '`');
  for (std::size_t i = 1; i < quoted.size(); i += 2) row.ids.emplace_back(quoted[i]);
  row.text = trim(line.substr(cells + 3, line.rfind('|') - cells - 3));
  return row;
}

}  // namespace

std::string_view words_about(std::string_view id) {
  for (const auto line : split(diagnostics_page(), '\n')) {
    const Row row = read_row(line);
    if (std::find(row.ids.begin(), row.ids.end(), id) != row.ids.end()) return row.text;
  }
  return {};
}

std::vector<std::string> message_ids() {
  std::vector<std::string> ids;
  for (const auto line : split(diagnostics_page(), '\n')) {
    for (auto& id : read_row(line).ids) ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace migrate::ui
