#include "golden/compare.hpp"

#include <algorithm>

namespace golden {
namespace {

constexpr std::string_view wildcard = "...";

/// fits[i][j]: what is expected from line i on matches what was written from line j on.
bool fits_from_the_start(const Lines& expected, const Lines& actual) {
  std::vector<std::vector<bool>> fits(expected.size() + 1, std::vector<bool>(actual.size() + 1, false));
  fits[expected.size()][actual.size()] = true;
  for (auto i = expected.size(); i-- > 0;) {
    for (auto j = actual.size() + 1; j-- > 0;) {
      const bool more = j < actual.size();
      if (expected[i] == wildcard)
        fits[i][j] = fits[i + 1][j] || (more && fits[i][j + 1]);
      else
        fits[i][j] = more && expected[i] == actual[j] && fits[i + 1][j + 1];
    }
  }
  return fits[0][0];
}

}  // namespace

bool matches(const Lines& expected, const Lines& actual) { return fits_from_the_start(expected, actual); }

std::string difference(const Lines& expected, const Lines& actual) {
  const auto rows = expected.size();
  const auto columns = actual.size();
  std::vector<std::vector<std::size_t>> common(rows + 1, std::vector<std::size_t>(columns + 1, 0));
  for (auto i = rows; i-- > 0;) {
    for (auto j = columns; j-- > 0;) {
      common[i][j] = expected[i] == actual[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::string text;
  const auto add = [&](char sign, const std::string& line) {
    text.append(1, sign).append(" ").append(line).append("\n");
  };
  std::size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && expected[i] == actual[j]) {
      add(' ', expected[i++]);
      ++j;
    } else if (i < rows && (j == columns || common[i + 1][j] >= common[i][j + 1])) {
      add('-', expected[i++]);
    } else {
      add('+', actual[j++]);
    }
  }
  return text;
}

}  // namespace golden
