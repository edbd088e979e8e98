#include "revision/name_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/revision/revision_id.hpp>

namespace migrate::revision {

std::optional<std::string> forbidden_character(std::string_view word) {
  const auto is_forbidden = [](char c) { return !RevisionId::is_valid({&c, 1}); };
  const auto found = std::find_if(word.begin(), word.end(), is_forbidden);
  if (found == word.end()) return std::nullopt;
  const auto rest = word.substr(static_cast<std::size_t>(found - word.begin()));
  if (rest.front() == ' ' || rest.front() == '\t') return "a blank";
  std::size_t size = 1;
  while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0U) == 0x80U) ++size;
  const auto byte = static_cast<unsigned char>(rest.front());
  if (byte < 0x20 || byte == 0x7F) return fmt::format("the control character 0x{:02x}", byte);
  return fmt::format("`{}`", rest.substr(0, size));
}

}  // namespace migrate::revision
