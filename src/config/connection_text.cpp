#include "config/connection_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::config {
namespace {

using Problem = Unexpected<ConnectionProblem>;

Problem problem(std::string message, std::string help) {
  return {ConnectionProblem{std::move(message), std::move(help)}};
}

constexpr std::string_view escape_help =
    "in a URL, write `@` as %40, `/` as %2F, `:` as %3A, `?` as %3F, `%` as %25 and a blank as %20";

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The parts of a URL one after the other, as libpq's parser finds them.
class UrlScanner {
 public:
  UrlScanner(std::string_view text, ConnectionText found) : text_(text), found_(std::move(found)) {}

  Result<ConnectionText, ConnectionProblem> scan() {
    at_ = found_.scheme.end;
    found_.query = {text_.size(), text_.size()};
    MIGRATE_TRY(scan_credentials());
    MIGRATE_TRY(scan_hosts());
    if (at_ < text_.size() && text_[at_] == '/') MIGRATE_TRY(scan_database());
    if (at_ < text_.size()) {
      found_.query = {at_ + 1, text_.size()};
      MIGRATE_TRY(scan_query());
    }
    return std::move(found_);
  }

 private:
  using Done = Result<void, ConnectionProblem>;

  ByteRange take_until(std::size_t begin, std::string_view ends) {
    at_ = std::min(text_.find_first_of(ends, begin), text_.size());
    return {begin, at_};
  }

  Done scan_credentials() {
    const auto mark = text_.find_first_of("@/", at_);
    if (mark == std::string_view::npos || text_[mark] != '@') return {};
    MIGRATE_TRY(add("user", take_until(at_, ":@")));
    if (text_[at_] == ':') MIGRATE_TRY(add("password", take_until(at_ + 1, "@")));
    ++at_;
    return {};
  }

  Done scan_hosts() {
    const auto begin = at_;
    for (;; ++at_) {
      MIGRATE_TRY(scan_host());
      if (at_ == text_.size() || text_[at_] != ',') break;
    }
    // An `@` here means that one in the password cut it short: what follows would be shown as a host's name.
    const ByteRange hosts{begin, at_};
    if (hosts.of(text_).find('@') != std::string_view::npos)
      return problem("the password of the database URL holds an `@` that is not encoded", std::string(escape_help));
    return {};
  }

  Done scan_host() {
    if (at_ < text_.size() && text_[at_] == '[') {
      const auto address = take_until(at_ + 1, "]");
      if (at_ == text_.size() || address.empty())
        return problem("the IPv6 address of the database URL is not closed with `]`",
                       "write it like postgresql://[::1]:5432/app");
      MIGRATE_TRY(add("host", address));
      ++at_;
      if (at_ < text_.size() && std::string_view(":/?,").find(text_[at_]) == std::string_view::npos)
        return problem("something follows the IPv6 address of the database URL that is no port and no path",
                       "write it like postgresql://[::1]:5432/app");
    } else {
      MIGRATE_TRY(add("host", take_until(at_, ":/?,")));
    }
    if (at_ < text_.size() && text_[at_] == ':') return scan_port();
    return {};
  }

  Done scan_port() {
    const auto port = take_until(at_ + 1, "/?,");
    const auto digits = port.of(text_);
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) {
      const bool cut_password = text_.find('@', port.begin) != std::string_view::npos;
      if (cut_password)
        return problem("the password of the database URL holds a character that is not encoded",
                       std::string(escape_help));
      return problem("the port of the database URL is not a number", "write it like postgresql://user@host:5432/app");
    }
    return add("port", port);
  }

  Done scan_database() {
    const auto name = take_until(at_ + 1, "?");
    // libpq would take it for a database's name, but more likely it is the rest of a password that was cut at a `/`.
    if (name.of(text_).find('@') != std::string_view::npos)
      return problem("the database URL holds an `@` or a `/` that is not encoded", std::string(escape_help));
    return add("dbname", name);
  }

  Done scan_query() {
    bool after_secret = false;
    while (at_ < text_.size()) {
      const auto name = take_until(at_ + 1, "=&");
      if (at_ == text_.size() || text_[at_] == '&') {
        if (name.empty() && at_ == text_.size()) return {};
        return problem("a parameter of the database URL has no `=`", "write parameters as name=value, joined by `&`");
      }
      const auto value = take_until(at_ + 1, "&");
      if (value.of(text_).find('=') != std::string_view::npos)
        return problem("a parameter of the database URL holds a second `=`", "write a `=` in a value as %3D");
      const auto decoded = percent_decoded(name.of(text_));
      const bool known = decoded && is_libpq_parameter(*decoded);
      if (!known && found_.driver.empty()) return unknown_parameter(decoded.value_or(""), after_secret);
      MIGRATE_TRY(add(decoded.value_or(""), value, name));
      after_secret = after_secret || is_secret_parameter(decoded.value_or(""));
    }
    return {};
  }

  [[nodiscard]] Problem unknown_parameter(const std::string& name, bool after_secret) const {
    // After or before a password the name may be a piece of it: `password=a&b=c`, `//user:a?b=c@host`.
    const bool before_mark = text_.find('@', found_.query.begin) != std::string_view::npos;
    if (after_secret || before_mark || name.empty())
      return problem("the database URL has a parameter that PostgreSQL does not know",
                     "write an `&` in a value as %26");
    std::string help = "remove it, or set MIGRATE_DATABASE_URL to a URL without it";
    if (const auto meant = nearest_libpq_parameter(name)) help = fmt::format("did you mean `{}`?", *meant);
    return problem(fmt::format("PostgreSQL does not know the parameter `{}` of the database URL", name), help);
  }

  Done add(std::string name, ByteRange value, ByteRange name_range = {}) {
    auto decoded = percent_decoded(value.of(text_));
    if (!decoded)
      return problem("a `%` of the database URL is not followed by two hex digits",
                     fmt::format("write a `%` itself as %25; {}", escape_help));
    if (!value.empty() || !name_range.empty())
      found_.fields.push_back({std::move(name), *std::move(decoded), name_range, value});
    return {};
  }

  std::string_view text_;
  ConnectionText found_;
  std::size_t at_ = 0;
};

/// `host=... password='...'`, as libpq reads it. No message shows a word: it may be the rest of a password that
/// should have been in quotes.
class WordScanner {
 public:
  explicit WordScanner(std::string_view text) : text_(text) {}

  Result<ConnectionText, ConnectionProblem> scan() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const auto name = read_name();
      if (!name)
        return problem("the database setting is neither a URL nor `name=value` words",
                       "write postgresql://user@host:5432/app, or quote a value that has blanks: password='...'");
      skip_blanks();
      ConnectionField field{std::string(name->of(text_)), {}, *name, {}};
      if (!read_value(field))
        return problem("a quote of the database setting is not closed", "close it with ', and write a ' inside as \\'");
      if (!is_libpq_parameter(field.name) || field.name == "ssl") return unknown_word(field.name);
      found_.fields.push_back(std::move(field));
    }
    return std::move(found_);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  std::optional<ByteRange> read_name() {
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] != '=' && !is_blank(text_[at_])) ++at_;
    const ByteRange name{begin, at_};
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != '=') return std::nullopt;
    ++at_;
    return name;
  }

  bool read_value(ConnectionField& field) {
    const auto begin = at_;
    const bool quoted = at_ < text_.size() && text_[at_] == '\'';
    if (quoted) ++at_;
    const auto ends = [&] { return quoted ? text_[at_] == '\'' : is_blank(text_[at_]); };
    for (; at_ < text_.size() && !ends(); ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
      field.value += text_[at_];
    }
    if (quoted && at_ == text_.size()) return false;
    if (quoted) ++at_;
    field.value_range = {begin, at_};
    return true;
  }

  [[nodiscard]] Problem unknown_word(const std::string& name) const {
    const bool after_secret = std::any_of(found_.fields.begin(), found_.fields.end(),
                                          [](const auto& field) { return is_secret_parameter(field.name); });
    if (after_secret)
      return problem("the database setting has a word after the password that PostgreSQL does not know",
                     "quote a password that has blanks: password='...'");
    const auto meant = nearest_libpq_parameter(name);
    if (!meant)
      return problem("the database setting has a word that PostgreSQL does not know",
                     "write host=... port=... dbname=... user=...");
    return problem("the database setting has a word that PostgreSQL does not know",
                   fmt::format("did you mean `{}`?", *meant));
  }

  std::string_view text_;
  ConnectionText found_;
  std::size_t at_ = 0;
};

bool is_scheme(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '+' || c == '-' || c == '.' ||
           c == '_';
  });
}

Result<ConnectionText, ConnectionProblem> scan_url(std::string_view text, std::size_t scheme_end) {
  const auto scheme = to_lower_ascii(text.substr(0, scheme_end));
  const auto plus = scheme.find('+');
  const auto base = scheme.substr(0, plus);
  if (base != "postgres" && base != "postgresql")
    return problem(fmt::format("`{}://` is not a URL of PostgreSQL", scheme),
                   "write postgresql://user@host:5432/app, or embedded:app");
  ConnectionText found;
  found.is_url = true;
  if (plus != std::string::npos) found.driver = scheme.substr(plus + 1);
  found.scheme = {0, scheme_end + 3};
  return UrlScanner(text, std::move(found)).scan();
}

}  // namespace

const ConnectionField* ConnectionText::find(std::string_view name) const {
  // The last one wins, as in libpq.
  const auto at = std::find_if(fields.rbegin(), fields.rend(), [&](const auto& field) { return field.name == name; });
  return at == fields.rend() ? nullptr : &*at;
}

Result<ConnectionText, ConnectionProblem> scan_connection_text(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end != std::string_view::npos && is_scheme(text.substr(0, scheme_end))) return scan_url(text, scheme_end);
  if (text.substr(0, text.find('=')).starts_with("jdbc:"))
    return problem("the database URL is one of JDBC", "leave `jdbc:` out, and write postgresql://user@host:5432/app");
  return WordScanner(text).scan();
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

}  // namespace migrate::config
