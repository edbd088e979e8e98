#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include <migrate/base/digest.hpp>
#include <migrate/base/text.hpp>
#include <migrate/rules/naming.hpp>

namespace migrate::rules {
namespace {

using Piece = NameTemplate::Piece;

constexpr std::size_t longest_name = 63;
constexpr std::size_t kept_of_long_names = 54;

constexpr std::array<std::string_view, 10> bound_tokens{"schema",      "table",         "column",    "columns",
                                                        "column_0",    "columns_nosep", "ref_table", "ref_column_0",
                                                        "ref_columns", "type"};
constexpr std::array<std::string_view, 4> known_filters{"singular", "plural", "lower", "abbr"};

template <class Known>
bool is_among(const Known& known, std::string_view word) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

// ---- Reading.

struct Trouble {
  std::string what;
  std::string help;
};

std::string list_of_tokens() {
  return fmt::format("the tokens are {{{}}}, {{desc}} and *; the filters |singular, |plural, |lower and |abbr:N",
                     fmt::join(bound_tokens, "}, {"));
}

// "columns:2": the word, and 2.
std::optional<std::pair<std::string_view, std::size_t>> with_count(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::pair(text, std::size_t{0});
  std::size_t count = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (problem != std::errc() || end != digits.data() + digits.size() || count == 0) return std::nullopt;
  return std::pair(text.substr(0, colon), count);
}

std::optional<Trouble> read_filter(std::string_view text, Piece& piece) {
  const auto filter = with_count(trim(text));
  if (!filter || !is_among(known_filters, filter->first)) {
    return Trouble{fmt::format("there is no filter `{}`", trim(text)), list_of_tokens()};
  }
  const bool abbreviates = filter->first == "abbr";
  if (abbreviates != (filter->second > 0)) {
    return Trouble{fmt::format("`{}` {}", filter->first, abbreviates ? "needs the letters to keep" : "takes no number"),
                   "write it as {table|abbr:3}"};
  }
  piece.filters.push_back({std::string(filter->first), filter->second});
  return std::nullopt;
}

// What stands between the braces.
std::optional<Trouble> read_token(std::string_view text, Piece& piece) {
  const auto parts = split(text, '|');
  const auto token = with_count(trim(parts.front()));
  const std::string_view name = token ? token->first : trim(parts.front());
  if (name == "desc" && parts.size() == 1) {
    piece.kind = Piece::Kind::words;
    return std::nullopt;
  }
  if (!token || !is_among(bound_tokens, name) || (token->second > 0 && name != "columns")) {
    const std::vector<std::string> candidates(bound_tokens.begin(), bound_tokens.end());
    const auto near = nearest(name, candidates);
    return Trouble{fmt::format("there is no token `{{{}}}`", text),
                   near && *near != name ? fmt::format("did you mean `{{{}}}`?", *near) : list_of_tokens()};
  }
  piece.kind = Piece::Kind::token;
  piece.text = name;
  piece.count = token->second;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (auto trouble = read_filter(parts[i], piece)) return trouble;
  }
  return std::nullopt;
}

class TemplateReader {
 public:
  explicit TemplateReader(std::string_view text) : text_(text) {}

  std::optional<Trouble> read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool twice = at_ + 1 < text_.size() && text_[at_ + 1] == c;
      if ((c == '{' || c == '}') && twice) {
        literal(c);
        ++at_;
      } else if (c == '{') {
        if (auto trouble = token()) return trouble;
      } else if (c == '}') {
        return Trouble{"a `}` without its `{`", "a brace of the name itself is written twice"};
      } else if (c == '*') {
        pieces.push_back({Piece::Kind::anything, {}, 0, {}});
      } else {
        literal(c);
      }
      ++at_;
    }
    if (pieces.empty()) return Trouble{"it is empty", list_of_tokens()};
    return std::nullopt;
  }

  std::vector<Piece> pieces;

 private:
  void literal(char c) {
    if (pieces.empty() || pieces.back().kind != Piece::Kind::literal) pieces.push_back({});
    pieces.back().text += c;
  }

  // Ends at the closing brace.
  std::optional<Trouble> token() {
    const auto close = text_.find('}', at_);
    if (close == std::string_view::npos) return Trouble{"a `{` without its `}`", list_of_tokens()};
    Piece piece;
    if (auto trouble = read_token(text_.substr(at_ + 1, close - at_ - 1), piece)) return trouble;
    pieces.push_back(std::move(piece));
    at_ = close;
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// ---- Values.

// At most `length` bytes, whole characters.
std::string_view clipped(std::string_view text, std::size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return text.substr(0, length);
}

std::string joined(const std::vector<std::string>& words, std::string_view separator, std::size_t count = 0) {
  const std::size_t used = count == 0 ? words.size() : std::min(count, words.size());
  return fmt::format("{}", fmt::join(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(used), separator));
}

std::string raw_value(const Piece& piece, const NameParts& parts) {
  const auto first = [](const std::vector<std::string>& words) {
    return words.empty() ? std::string() : words.front();
  };
  if (piece.text == "schema") return parts.schema;
  if (piece.text == "table") return parts.table;
  if (piece.text == "column") return parts.column.empty() ? first(parts.columns) : parts.column;
  if (piece.text == "columns") return joined(parts.columns, "_", piece.count);
  if (piece.text == "column_0") return parts.columns.empty() ? parts.column : parts.columns.front();
  if (piece.text == "columns_nosep") return joined(parts.columns, "");
  if (piece.text == "ref_table") return parts.referenced_table;
  if (piece.text == "ref_column_0") return first(parts.referenced_columns);
  if (piece.text == "ref_columns") return joined(parts.referenced_columns, "_");
  return parts.type;
}

std::string abbreviated(std::string_view name, std::size_t letters) {
  std::string result;
  for (const auto word : split(name, '_')) {
    if (!result.empty()) result += '_';
    result += clipped(word, letters);
  }
  return result;
}

// Empty where the statement doesn't tell.
std::string value_of(const Piece& piece, const NameParts& parts) {
  std::string value = raw_value(piece, parts);
  for (const auto& filter : piece.filters) {
    if (filter.name == "singular") value = singular_of(value);
    if (filter.name == "plural") value = plural_of(value);
    if (filter.name == "lower") value = to_lower_ascii(value);
    if (filter.name == "abbr") value = abbreviated(value, filter.count);
  }
  return value;
}

// ---- Matching.

bool is_word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// The offsets of `name` that the pieces so far may end at.
class Matcher {
 public:
  // `part`: the name is the begin of a longer one, and matches if the template's begin does.
  Matcher(std::string_view name, bool part) : name_(name), part_(part), ends_{0} {}

  void literal(std::string_view text) {
    step([&](std::size_t from, auto add) {
      const std::string_view rest = name_.substr(from);
      if (rest.substr(0, text.size()) == text) add(from + text.size());
      if (text.substr(0, rest.size()) == rest) reached_end_ = true;
    });
  }

  void words() {
    step([&](std::size_t from, auto add) {
      bool word = false;
      for (std::size_t i = from; i < name_.size(); ++i) {
        const bool letter = is_word_character(name_[i]);
        if (!letter && !(word && name_[i] == '_')) return;
        word = letter;
        if (word) add(i + 1);
      }
      reached_end_ = true;
    });
  }

  void anything() {
    step([&](std::size_t from, auto add) {
      for (std::size_t i = from; i < name_.size(); ++i) add(i + 1);
      reached_end_ = true;
    });
  }

  [[nodiscard]] bool matched() const {
    return (part_ && reached_end_) || std::find(ends_.begin(), ends_.end(), name_.size()) != ends_.end();
  }

 private:
  template <class Step>
  void step(Step go_on) {
    std::vector<std::size_t> next;
    for (const std::size_t from : ends_) go_on(from, [&](std::size_t end) { next.push_back(end); });
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    ends_ = std::move(next);
  }

  std::string_view name_;
  bool part_;
  bool reached_end_ = false;
  std::vector<std::size_t> ends_;
};

bool matches_pieces(const std::vector<Piece>& pieces, std::string_view name, const NameParts& parts, bool part) {
  Matcher matcher(name, part);
  for (const auto& piece : pieces) {
    if (piece.kind == Piece::Kind::anything) {
      matcher.anything();
    } else if (piece.kind == Piece::Kind::words) {
      matcher.words();
    } else if (piece.kind == Piece::Kind::literal) {
      matcher.literal(piece.text);
    } else if (const std::string value = value_of(piece, parts); !value.empty()) {
      matcher.literal(value);
    } else {
      matcher.words();
    }
  }
  return matcher.matched();
}

// The part before "_" and 8 hex digits of a name that was too long.
std::optional<std::string_view> head_of_cut_name(std::string_view name) {
  // A cut inside a character may have taken up to three bytes more.
  if (name.size() > longest_name || name.size() < longest_name - 3) return std::nullopt;
  const std::string_view hash = name.substr(name.size() - 8);
  const bool hex = hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!hex || name[name.size() - 9] != '_') return std::nullopt;
  return name.substr(0, name.size() - 9);
}

}  // namespace

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
  TemplateReader reader(text);
  if (auto trouble = reader.read()) {
    return fail(error("invalid-name-template", fmt::format("`{}` is no template for names: {}", text, trouble->what))
                    .help(std::move(trouble->help)));
  }
  NameTemplate result;
  result.text_ = text;
  result.pieces_ = std::move(reader.pieces);
  return result;
}

bool NameTemplate::has_tokens() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const Piece& piece) { return piece.kind == Piece::Kind::token; });
}

bool NameTemplate::matches(std::string_view name, const NameParts& parts) const {
  if (name.size() <= longest_name && matches_pieces(pieces_, name, parts, false)) return true;
  const auto head = head_of_cut_name(name);
  if (!head) return false;
  const bool all_bound = std::all_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
    return piece.kind == Piece::Kind::literal || (piece.kind == Piece::Kind::token && !value_of(piece, parts).empty());
  });
  return all_bound ? name == render(parts, {}) : matches_pieces(pieces_, *head, parts, true);
}

std::string NameTemplate::render(const NameParts& parts, std::string_view desc) const {
  std::string words = slugify(desc, 4 * longest_name);
  if (words.empty()) words = "name";
  std::string name;
  for (const auto& piece : pieces_) {
    if (piece.kind == Piece::Kind::literal) {
      name += piece.text;
    } else {
      const std::string value = piece.kind == Piece::Kind::token ? value_of(piece, parts) : std::string();
      name += value.empty() ? words : value;
    }
  }
  if (name.size() <= longest_name) return name;
  return fmt::format("{}_{}", clipped(name, kept_of_long_names), sha256_hex(name).substr(0, 8));
}

}  // namespace migrate::rules
