#include <migrate/revision/file_name.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::revision {
namespace {

constexpr std::string_view extension = ".sql";
constexpr std::string_view default_date = "%Y%m%d%H%M%S";
constexpr std::size_t default_width = 3;
constexpr std::size_t widest = 9;

struct Preset {
  std::string_view name, text;
};
constexpr std::array<Preset, 4> presets = {{{"timestamp", "{date:%Y%m%d%H%M%S}_{slug}"},
                                            {"sequence", "{seq:3}_{slug}"},
                                            {"date-sequence", "{date:%Y%m%d}_{day_seq:4}_{slug}"},
                                            {"alembic", "{rev}_{slug}"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

/// The digits that a letter of a date pattern stands for; 0: not one that a name can be made of.
std::size_t digits_of(char letter) {
  switch (letter) {
    case 'Y': return 4;
    case 'j': return 3;
    case 'm':
    case 'd':
    case 'H':
    case 'M':
    case 'S': return 2;
    default: return 0;
  }
}

std::string slug_of(std::string_view message) {
  auto slug = slugify(message);
  return slug.empty() ? std::string("revision") : slug;
}

}  // namespace

class FileNameTemplate::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<FileNameTemplate> parse() && {
    FileNameTemplate result;
    result.text_ = text_;
    for (std::size_t at = 0; at < text_.size();) {
      const auto brace = std::min(text_.find_first_of("{}", at), text_.size());
      if (brace > at) add_literal(text_.substr(at, brace - at));
      if (brace == text_.size()) break;
      const auto close = text_.find('}', brace);
      if (text_[brace] == '}' || close == std::string_view::npos) return invalid("a brace has no partner");
      if (auto why = add_field(text_.substr(brace + 1, close - brace - 1))) return invalid(*why);
      at = close + 1;
    }
    if (auto why = objection()) return invalid(*why);
    result.pieces_ = std::move(pieces_);
    return result;
  }

 private:
  using Kind = Piece::Kind;

  [[nodiscard]] Unexpected<Failure> invalid(std::string_view why) const {
    return fail(
        error("invalid-file-template", fmt::format("`{}` is not a template of file names: {}", text_, why))
            .help("fields are {rev}, {slug}, {date:%Y%m%d}, {epoch}, {seq:3} and {day_seq:3}; or name a preset: "
                  "timestamp, sequence, date-sequence, alembic"));
  }

  void add_literal(std::string_view text) { pieces_.push_back({Kind::literal, std::string(text)}); }

  std::optional<std::string> add_field(std::string_view field) {
    const auto colon = std::min(field.find(':'), field.size());
    const auto name = field.substr(0, colon);
    const auto format = field.substr(std::min(colon + 1, field.size()));
    if (name == "date") return add_date(colon == field.size() ? default_date : format);
    if (name == "seq") return add_number(Kind::seq, colon == field.size(), format);
    if (name == "day_seq") return add_number(Kind::day_seq, colon == field.size(), format);
    if (colon != field.size()) return fmt::format("`{}` takes no format", name);
    if (name == "rev") return add_once({Kind::rev, {}});
    if (name == "slug") return add_once({Kind::slug, {}});
    if (name == "epoch") return add_once({Kind::epoch, {}});
    return fmt::format("there is no field `{}`", name);
  }

  std::optional<std::string> add_date(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '%') continue;
      if (i + 1 == pattern.size() || digits_of(pattern[i + 1]) == 0) return fmt::format("`{}` is not a date", pattern);
      ++i;
    }
    if (pattern.find('%') == std::string_view::npos) return fmt::format("`{}` is not a date", pattern);
    pieces_.push_back({Kind::date, std::string(pattern)});
    return std::nullopt;
  }

  std::optional<std::string> add_number(Kind kind, bool no_format, std::string_view format) {
    std::size_t width = default_width;
    if (!no_format) {
      const auto [stopped, failure] = std::from_chars(format.data(), format.data() + format.size(), width);
      const bool is_number = failure == std::errc() && stopped == format.data() + format.size();
      if (!is_number || width == 0 || width > widest) return fmt::format("`{}` is not a width from 1 to 9", format);
    }
    return add_once({kind, {}, width});
  }

  std::optional<std::string> add_once(Piece piece) {
    const auto same = [&](const Piece& other) { return other.kind == piece.kind; };
    if (std::any_of(pieces_.begin(), pieces_.end(), same)) return "a field stands twice in it";
    pieces_.push_back(std::move(piece));
    return std::nullopt;
  }

  static auto is_kind(Kind kind) {
    return [kind](const Piece& piece) { return piece.kind == kind; };
  }

  [[nodiscard]] std::optional<std::string> objection() const {
    if (pieces_.empty()) return "it is empty";
    const auto has = [this](Kind kind) { return std::any_of(pieces_.begin(), pieces_.end(), is_kind(kind)); };
    if (!has(Kind::rev) && !has(Kind::slug) && !has(Kind::seq) && !has(Kind::day_seq) && !has(Kind::epoch) &&
        !has(Kind::date)) {
      return "every file would have the same name";
    }
    const auto before_day_seq = std::find_if(pieces_.begin(), pieces_.end(), is_kind(Kind::day_seq));
    if (has(Kind::day_seq) && std::none_of(pieces_.begin(), before_day_seq, is_kind(Kind::date))) {
      return "{day_seq} needs a {date} before it";
    }
    for (std::size_t i = 1; i < pieces_.size(); ++i) {
      const auto& next = pieces_[i];
      if (!is_open_ended(pieces_[i - 1])) continue;
      if (next.kind != Kind::literal) return "something must stand between two fields";
      if (is_digit(next.text.front())) return "a digit may not follow a field";
    }
    return path_objection();
  }

  /// Fields whose end only what follows can tell.
  static bool is_open_ended(const Piece& piece) { return piece.kind != Kind::literal && piece.kind != Kind::date; }

  [[nodiscard]] std::optional<std::string> path_objection() const {
    for (const auto folder : split(text_, '/')) {
      if (folder.empty()) return "it has a folder without a name";
      if (folder == "." || folder == "..") return "it may not leave the migrations folder";
      if (folder.front() == '.') return "files and folders with a dot in front are not read";
    }
    if (text_.find_first_of("\\\n\r\t") != std::string_view::npos)
      return "it has a character that paths should not have";
    if (text_.ends_with(extension)) return "`.sql` is added by itself";
    return std::nullopt;
  }

  std::string_view text_;
  std::vector<Piece> pieces_;
};

/// Lays a path against the pieces. Fields of open end are tried from the longest down.
class FileNameTemplate::Matcher {
 public:
  using Kind = Piece::Kind;

  Matcher(const std::vector<Piece>& pieces, std::string_view path) : pieces_(pieces), path_(path) {}

  [[nodiscard]] bool matches_all() const { return match(0, 0, pieces_.size()).has_value(); }

  /// The number where `kind` stands, if everything up to there fits; what follows it is not looked at.
  [[nodiscard]] std::optional<std::uint64_t> number_at(Kind kind) const {
    const auto piece = std::find_if(pieces_.begin(), pieces_.end(), [kind](const Piece& p) { return p.kind == kind; });
    const auto begin = match(0, 0, static_cast<std::size_t>(piece - pieces_.begin()));
    if (!begin) return std::nullopt;
    const auto digits = path_.substr(*begin, count_digits(path_.substr(*begin)));
    std::uint64_t number = 0;
    const auto [stopped, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return digits.empty() || failure != std::errc() ? std::nullopt : std::optional(number);
  }

 private:
  /// Where the pieces from `piece` to `last` end if they begin at `at`. To the very last piece: the end of the path.
  [[nodiscard]] std::optional<std::size_t> match(std::size_t piece, std::size_t at, std::size_t last) const {
    if (piece == last) {
      return last < pieces_.size() || at == path_.size() ? std::optional(at) : std::nullopt;
    }
    const auto [least, most] = lengths(pieces_[piece], path_.substr(at));
    for (std::size_t length = most + 1; length-- > least;) {
      if (const auto end = match(piece + 1, at + length, last)) return end;
    }
    return std::nullopt;
  }

  struct Lengths {
    std::size_t least = 1, most = 0;  ///< as they stand: no match
  };
  [[nodiscard]] static Lengths lengths(const Piece& piece, std::string_view rest) {
    const auto up_to = [](std::size_t least, std::size_t most) {
      return most < least ? Lengths() : Lengths{least, most};
    };
    switch (piece.kind) {
      case Kind::literal:
        return rest.starts_with(piece.text) ? Lengths{piece.text.size(), piece.text.size()} : Lengths();
      case Kind::rev: return up_to(1, count_if_not(rest, "/"));
      case Kind::slug: return up_to(1, count_if_not(rest, "/."));
      case Kind::epoch: return up_to(1, count_digits(rest));
      case Kind::seq:
      case Kind::day_seq: return up_to(piece.width, count_digits(rest));
      case Kind::date: return date_lengths(piece.text, rest);
    }
    return {};
  }

  static std::size_t count_if_not(std::string_view text, std::string_view stop) {
    return std::min(text.find_first_of(stop), text.size());
  }

  static Lengths date_lengths(std::string_view pattern, std::string_view rest) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '%') {
        if (at >= rest.size() || rest[at] != pattern[i]) return {};
        ++at;
        continue;
      }
      const auto digits = digits_of(pattern[++i]);
      if (at > rest.size() || count_digits(rest.substr(at)) < digits) return {};
      at += digits;
    }
    return {at, at};
  }

  const std::vector<Piece>& pieces_;
  std::string_view path_;
};

Result<FileNameTemplate> FileNameTemplate::parse(std::string_view text) {
  for (const auto& preset : presets) {
    if (preset.name == text) return Parser(preset.text).parse();
  }
  return Parser(text).parse();
}

std::string FileNameTemplate::render(const Values& values, std::span<const std::string> existing) const {
  // Only files of the same day count for day_seq: with the date written out, its pieces are literal text.
  std::vector<Piece> same_day = pieces_;
  for (auto& piece : same_day) {
    if (piece.kind == Piece::Kind::date) piece = {Piece::Kind::literal, format_time(values.date, piece.text)};
  }
  const auto next_number = [&](const std::vector<Piece>& pieces, Piece::Kind kind) {
    std::uint64_t last = 0;
    for (const auto& path : existing) last = std::max(last, Matcher(pieces, path).number_at(kind).value_or(0));
    return last + 1;
  };
  std::string path;
  for (const auto& piece : pieces_) {
    switch (piece.kind) {
      case Piece::Kind::literal: path += piece.text; break;
      case Piece::Kind::rev: path += values.id.str(); break;
      case Piece::Kind::slug: path += slug_of(values.message); break;
      case Piece::Kind::date: path += format_time(values.date, piece.text); break;
      case Piece::Kind::epoch: path += fmt::format("{}", values.date.time_since_epoch().count()); break;
      case Piece::Kind::seq: path += fmt::format("{:0{}}", next_number(pieces_, piece.kind), piece.width); break;
      case Piece::Kind::day_seq: path += fmt::format("{:0{}}", next_number(same_day, piece.kind), piece.width); break;
    }
  }
  return path.append(extension);
}

bool FileNameTemplate::matches(std::string_view path) const {
  if (!path.ends_with(extension)) return false;
  path.remove_suffix(extension.size());
  return Matcher(pieces_, path).matches_all();
}

}  // namespace migrate::revision
