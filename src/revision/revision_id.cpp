#include <migrate/revision/revision_id.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace migrate::revision {
namespace {

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

}  // namespace

bool RevisionId::is_valid(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_id_character) && !is_target_word(text);
}

bool is_target_word(std::string_view text) {
  return text == "head" || text == "heads" || text == "base" || text == "current";
}

RevisionId make_revision_id(unsigned long long random) {
  constexpr unsigned long long low_48_bits = (1ULL << 48U) - 1;
  return RevisionId(fmt::format("{:012x}", random & low_48_bits));
}

}  // namespace migrate::revision
