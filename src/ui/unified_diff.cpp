#include "ui/unified_diff.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace migrate::ui {
namespace {

using Lines = std::vector<std::string_view>;

// With their ends, so that a missing last one is a difference.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Change {
  char sign;  // ' ', '-' or '+'
  std::string_view line;
};

// The longest common subsequence of the lines between the first and the last difference.
void add_middle(const Lines& before, const Lines& after, std::vector<Change>& changes) {
  constexpr std::size_t most_cells = 16'000'000;
  const std::size_t n = before.size(), m = after.size();
  if (n * m > most_cells) {
    for (const auto line : before) changes.push_back({'-', line});
    for (const auto line : after) changes.push_back({'+', line});
    return;
  }
  std::vector<std::uint32_t> length((n + 1) * (m + 1));
  const auto at = [m](std::size_t i, std::size_t j) { return i * (m + 1) + j; };
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      length[at(i, j)] =
          before[i] == after[j] ? length[at(i + 1, j + 1)] + 1 : std::max(length[at(i + 1, j)], length[at(i, j + 1)]);
    }
  }
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && before[i] == after[j]) {
      changes.push_back({' ', before[i]});
      ++i, ++j;
    } else if (i < n && (j == m || length[at(i + 1, j)] >= length[at(i, j + 1)])) {
      changes.push_back({'-', before[i++]});
    } else {
      changes.push_back({'+', after[j++]});
    }
  }
}

std::vector<Change> changes_between(std::string_view before, std::string_view after) {
  const Lines old_lines = lines_of(before), new_lines = lines_of(after);
  const auto least = std::min(old_lines.size(), new_lines.size());
  std::size_t head = 0, tail = 0;
  while (head < least && old_lines[head] == new_lines[head]) ++head;
  while (tail < least - head && old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail])
    ++tail;
  std::vector<Change> changes;
  for (std::size_t i = 0; i < head; ++i) changes.push_back({' ', old_lines[i]});
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head), lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  add_middle(middle(old_lines), middle(new_lines), changes);
  for (std::size_t i = old_lines.size() - tail; i < old_lines.size(); ++i) changes.push_back({' ', old_lines[i]});
  return changes;
}

// "12,3"; a range without lines stands behind the line before it.
std::string range_text(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first);
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  constexpr std::size_t context = 3;
  if (before == after) return {};
  const auto changes = changes_between(before, after);
  std::string text = fmt::format("--- a/{0}\n+++ b/{0}\n", path);
  std::size_t old_line = 1, new_line = 1, at = 0;
  while (at < changes.size()) {
    const auto differs = [](const Change& change) { return change.sign != ' '; };
    const auto from = [&](std::size_t index) { return changes.begin() + static_cast<std::ptrdiff_t>(index); };
    const auto first = static_cast<std::size_t>(std::find_if(from(at), changes.end(), differs) - changes.begin());
    if (first == changes.size()) break;
    const std::size_t begin = std::max(at, first - std::min(first, context));
    old_line += begin - at;
    new_line += begin - at;
    // The hunk goes on while the next change is not further away than two contexts.
    std::size_t end = first + 1;
    for (std::size_t quiet = 0, i = end; i < changes.size() && quiet <= 2 * context; ++i) {
      quiet = differs(changes[i]) ? 0 : quiet + 1;
      if (quiet == 0) end = i + 1;
    }
    end = std::min(changes.size(), end + context);

    std::string body;
    std::size_t removed = 0, added = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (changes[i].sign != '+') ++removed;
      if (changes[i].sign != '-') ++added;
      body += changes[i].sign;
      body += changes[i].line;
      if (!changes[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
    }
    text += fmt::format("@@ -{} +{} @@\n{}", range_text(old_line, removed), range_text(new_line, added), body);
    old_line += removed;
    new_line += added;
    at = end;
  }
  return text;
}

}  // namespace migrate::ui
