// What words look like: number and case.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <migrate/base/text.hpp>
#include <migrate/rules/naming.hpp>

namespace migrate::rules {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Singular and plural of what no suffix tells.
constexpr std::array irregular{
    Pair{"person", "people"},
    Pair{"child", "children"},
    Pair{"man", "men"},
    Pair{"woman", "women"},
    Pair{"foot", "feet"},
    Pair{"tooth", "teeth"},
    Pair{"goose", "geese"},
    Pair{"mouse", "mice"},
    Pair{"criterion", "criteria"},
    Pair{"phenomenon", "phenomena"},
    Pair{"bacterium", "bacteria"},
    Pair{"curriculum", "curricula"},
    Pair{"matrix", "matrices"},
    Pair{"vertex", "vertices"},
    Pair{"index", "indexes"},
    Pair{"index", "indices"},
    Pair{"appendix", "appendices"},
    Pair{"analysis", "analyses"},
    Pair{"basis", "bases"},
    Pair{"crisis", "crises"},
    Pair{"axis", "axes"},
    Pair{"diagnosis", "diagnoses"},
    Pair{"hypothesis", "hypotheses"},
    Pair{"thesis", "theses"},
    Pair{"synopsis", "synopses"},
    Pair{"parenthesis", "parentheses"},
    Pair{"status", "statuses"},
    Pair{"alias", "aliases"},
    Pair{"bus", "buses"},
    Pair{"virus", "viruses"},
    Pair{"bonus", "bonuses"},
    Pair{"campus", "campuses"},
    Pair{"corpus", "corpuses"},
    Pair{"census", "censuses"},
    Pair{"focus", "focuses"},
    Pair{"canvas", "canvases"},
    Pair{"atlas", "atlases"},
    Pair{"bias", "biases"},
    Pair{"gas", "gases"},
    Pair{"lens", "lenses"},
    Pair{"quiz", "quizzes"},
    Pair{"leaf", "leaves"},
    Pair{"life", "lives"},
    Pair{"knife", "knives"},
    Pair{"half", "halves"},
    Pair{"shelf", "shelves"},
    Pair{"self", "selves"},
    Pair{"wife", "wives"},
    Pair{"wolf", "wolves"},
    Pair{"calf", "calves"},
    Pair{"thief", "thieves"},
    Pair{"movie", "movies"},
    Pair{"cookie", "cookies"},
    Pair{"tie", "ties"},
    Pair{"die", "dies"},
    Pair{"lie", "lies"},
    Pair{"pie", "pies"},
    Pair{"hero", "heroes"},
    Pair{"potato", "potatoes"},
    Pair{"tomato", "tomatoes"},
    Pair{"echo", "echoes"},
    Pair{"veto", "vetoes"},
    Pair{"cache", "caches"},
    Pair{"niche", "niches"},
    Pair{"headache", "headaches"},
    Pair{"axe", "axes"},
};

// The same in both numbers, or used so.
constexpr std::array<std::string_view, 22> unchanging{
    "news",  "metadata", "data",      "series",   "species",  "information", "equipment", "money",
    "sheep", "fish",     "staff",     "feedback", "software", "hardware",    "history",   "inventory",
    "media", "content",  "knowledge", "cash",     "traffic",  "config",
};

bool ends_with(std::string_view word, std::string_view end) {
  return word.size() >= end.size() && word.substr(word.size() - end.size()) == end;
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return ends_with(word, end); });
}

bool is_unchanging(std::string_view word) {
  return std::find(unchanging.begin(), unchanging.end(), word) != unchanging.end();
}

std::string without_end(std::string_view word, std::size_t count, std::string_view end = {}) {
  return std::string(word.substr(0, word.size() - count)).append(end);
}

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

std::string singular_word(std::string_view word) {
  for (const auto& [one, many] : irregular) {
    if (word == many) return std::string(one);
  }
  const bool singular_already = ends_with_any(word, {"ss", "us", "is"});
  if (!ends_with(word, "s") || word.size() < 3 || singular_already) return std::string(word);
  if (ends_with(word, "ies")) return without_end(word, 3, "y");
  if (ends_with_any(word, {"sses", "shes", "ches", "xes", "zzes"})) return without_end(word, 2);
  return without_end(word, 1);
}

std::string plural_word(std::string_view word) {
  for (const auto& [one, many] : irregular) {
    if (word == one) return std::string(many);
    if (word == many) return std::string(word);
  }
  if (singular_word(word) != word) return std::string(word);
  if (ends_with_any(word, {"s", "x", "z", "ch", "sh"})) return std::string(word).append("es");
  if (ends_with(word, "y") && word.size() > 1 && !is_vowel(word[word.size() - 2])) return without_end(word, 1, "ies");
  return std::string(word).append("s");
}

// `change` at the last word of a_b_c.
template <class Change>
std::string with_last_word(std::string_view name, Change change) {
  const auto at = name.rfind('_');
  const std::size_t begin = at == std::string_view::npos ? 0 : at + 1;
  const std::string_view last = name.substr(begin);
  if (last.empty() || is_unchanging(name) || is_unchanging(last)) return std::string(name);
  return std::string(name.substr(0, begin)).append(change(last));
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string singular_of(std::string_view word) { return with_last_word(word, singular_word); }

std::string plural_of(std::string_view word) { return with_last_word(word, plural_word); }

bool is_snake_case(std::string_view name) {
  return !name.empty() && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

std::string snake_case_of(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool begins_word = is_upper(c) && i > 0 &&
                             (is_lower(name[i - 1]) || is_digit(name[i - 1]) ||
                              (is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1])));
    if (begins_word && !result.empty() && result.back() != '_') result += '_';
    if (is_upper(c)) {
      result += static_cast<char>(c - 'A' + 'a');
    } else if (is_lower(c) || is_digit(c) || c == '_') {
      result += c;
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  while (result.size() > 1 && result.back() == '_' && !name.empty() && name.back() != '_') result.pop_back();
  if (!result.empty() && is_digit(result.front())) result.insert(0, 1, '_');
  return result;
}

}  // namespace migrate::rules
