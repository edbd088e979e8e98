#include "config/dotenv.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::config {
namespace {

using Variables = DotenvVariables;

constexpr std::string_view stars = "***";

bool begins_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool continues_name(char c) { return begins_name(c) || (c >= '0' && c <= '9') || c == '.'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

/// The name before the `=`, where the text begins with one (with or without `export`).
struct Name {
  std::size_t begin;
  std::size_t end;
  std::size_t value;  // past the `=` and the blanks after it
};

std::optional<Name> find_name(std::string_view text, std::size_t at) {
  constexpr std::string_view keyword = "export";
  at = skip_blanks(text, at);
  const auto after = at + keyword.size();
  if (text.substr(at).starts_with(keyword) && after < text.size() && is_blank(text[after]))
    at = skip_blanks(text, after);
  Name name{at, at, 0};
  if (at == text.size() || !begins_name(text[at])) return std::nullopt;
  while (name.end < text.size() && continues_name(text[name.end])) ++name.end;
  const auto equals = skip_blanks(text, name.end);
  if (equals == text.size() || text[equals] != '=') return std::nullopt;
  name.value = skip_blanks(text, equals + 1);
  return name;
}

class DotenvReader {
 public:
  explicit DotenvReader(const SourcePtr& source) : source_(source), text_(source->text()) {}

  Result<Variables> read() {
    if (const auto wrong = find_invalid_utf8(text_)) {
      report(*wrong, "the file is not UTF-8 text here", "save the file as UTF-8");
      return fail(Failure(std::move(problems_)));
    }
    while (at_ < text_.size()) read_line();
    if (!problems_.empty()) return fail(Failure(std::move(problems_)));
    return std::move(variables_);
  }

 private:
  void read_line() {
    at_ = skip_blanks(text_, at_);
    if (at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '#') return next_line();
    const auto name = find_name(text_, at_);
    if (!name) {
      report(at_, "this line is not `NAME=value`",
             "write a name of letters, digits and `_`, then `=`; put a value of several lines in quotes");
      return next_line();
    }
    const auto line = source_->line_column({at_}).line;
    at_ = name->value;
    if (auto value = read_value(name->begin))
      variables_[std::string(text_.substr(name->begin, name->end - name->begin))] = {*std::move(value), line};
  }

  std::optional<std::string> read_value(std::size_t name) {
    const char first = at_ < text_.size() ? text_[at_] : '\n';
    if (first != '"' && first != '\'') return read_bare();
    ++at_;
    auto value = first == '"' ? read_double_quoted() : read_single_quoted();
    if (!value) {
      report(name, "the value's quote is not closed", fmt::format("close it with {}", first));
      at_ = text_.size();
      return std::nullopt;
    }
    const auto rest = skip_blanks(text_, at_);
    const bool ended = rest == text_.size() || text_[rest] == '\n' || text_[rest] == '#';
    if (!ended) report(name, "there is text after the value's closing quote", "put the whole value in quotes");
    next_line();
    return ended ? value : std::nullopt;
  }

  /// Up to the end of the line, or to a `#` after a blank: passwords and URLs have `#` inside.
  std::string read_bare() {
    const auto begin = at_;
    const auto line_end = std::min(text_.find('\n', begin), text_.size());
    auto end = begin;
    while (end < line_end && !(text_[end] == '#' && (end == begin || is_blank(text_[end - 1])))) ++end;
    next_line();
    return std::string(trim(text_.substr(begin, end - begin)));
  }

  std::optional<std::string> read_single_quoted() {
    const auto end = text_.find('\'', at_);
    if (end == std::string_view::npos) return std::nullopt;
    auto value = std::string(text_.substr(at_, end - at_));
    at_ = end + 1;
    return value;
  }

  std::optional<std::string> read_double_quoted() {
    std::string value;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return value;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size())
        value += unescaped(text_[++at_]);
      else
        value += text_[at_];
    }
    return std::nullopt;
  }

  static std::string unescaped(char c) {
    switch (c) {
      case 'n': return "\n";
      case 't': return "\t";
      case 'r': return "\r";
      case '"':
      case '\\':
      case '$': return {c};
      default: return {'\\', c};
    }
  }

  void next_line() {
    const auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
  }

  void report(std::size_t at, std::string message, std::string help) {
    if (!shown_) shown_ = redacted_dotenv(*source_);
    const auto range = shown_->line_range(source_->line_column({at}).line);
    problems_.push_back(error("invalid-dotenv", std::move(message)).at(shown_, range).help(std::move(help)));
  }

  SourcePtr source_;
  SourcePtr shown_;
  std::string_view text_;
  std::size_t at_ = 0;
  Variables variables_;
  Diagnostics problems_;
};

}  // namespace

SourcePtr redacted_dotenv(const Source& source) {
  std::string text;
  for (std::size_t line = 1; line <= source.line_count(); ++line) {
    if (line > 1) text += '\n';
    const auto original = source.text(source.line_range(line));
    if (const auto name = find_name(original, 0))
      text.append(original.substr(name->begin, name->end - name->begin)).append("=").append(stars);
    else if (!trim(original).empty())
      text.append(stars);
  }
  return make_source(source.path(), std::move(text));
}

Result<Variables> parse_dotenv(const SourcePtr& source) { return DotenvReader(source).read(); }

}  // namespace migrate::config
