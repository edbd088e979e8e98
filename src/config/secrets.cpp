#include "config/secrets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <migrate/base/text.hpp>

namespace migrate::config {
namespace {

constexpr std::string_view stars = "***";
constexpr std::string_view white_space = " \t\r\n\f\v";

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t", at), text.size());
}

/// The password between `://user:` and the last `@` of the word: more than libpq would take, if the password has
/// characters that should have been encoded.
void find_in_urls(std::string_view text, std::vector<ByteRange>& found) {
  constexpr std::string_view mark = "://";
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    const auto begin = at + mark.size();
    const auto end = std::min(text.find_first_of(white_space, begin), text.size());
    const auto word = text.substr(begin, end - begin);
    const auto colon = word.find(':');
    const auto last_at = word.rfind('@');
    if (colon == std::string_view::npos || last_at == std::string_view::npos || last_at <= colon + 1) continue;
    found.push_back({begin + colon + 1, begin + last_at});
  }
}

std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (auto at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == quote)
      return at + 1;
  }
  return text.size();
}

/// Up to white space that no backslash escapes, or the `&` before a URL's next parameter.
std::size_t end_of_bare(std::string_view text, std::size_t begin, bool in_url) {
  auto at = begin;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (white_space.find(text[at]) != std::string_view::npos || (in_url && text[at] == '&'))
      break;
  }
  return std::min(at, text.size());
}

/// Does the name that holds byte `at` follow a `?` or `&`?
bool is_parameter(std::string_view lower, std::size_t at) {
  while (at > 0 && ((lower[at - 1] >= 'a' && lower[at - 1] <= 'z') || lower[at - 1] == '_')) --at;
  return at > 0 && (lower[at - 1] == '?' || lower[at - 1] == '&');
}

/// The value after a name that means a password: `password=x`, `sslpassword = 'x y'`, `PASSWORD 'x'`.
void find_after_name(std::string_view text, std::string_view lower, std::string_view name,
                     std::vector<ByteRange>& found) {
  for (auto at = lower.find(name); at != std::string_view::npos; at = lower.find(name, at + 1)) {
    auto begin = at + name.size();
    // The quote of a quoted key: "password" = ...
    if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
      const auto after = skip_blanks(text, begin + 1);
      if (after < text.size() && text[after] == '=') begin = after;
    }
    begin = skip_blanks(text, begin);
    const bool assigned = begin < text.size() && text[begin] == '=';
    if (assigned) begin = skip_blanks(text, begin + 1);
    const bool quoted = begin < text.size() && (text[begin] == '\'' || (assigned && text[begin] == '"'));
    if (!assigned && !quoted) continue;
    const bool in_url = is_parameter(lower, at);
    const auto end = quoted ? end_of_quoted(text, begin) : end_of_bare(text, begin, in_url);
    if (end > begin) found.push_back({begin, end});
  }
}

}  // namespace

std::vector<ByteRange> find_secret_shapes(std::string_view text) {
  std::vector<ByteRange> found;
  find_in_urls(text, found);
  const auto lower = to_lower_ascii(text);
  for (const auto name : {"password", "passwd", "oauth_client_secret", "scram_client_key", "scram_server_key"})
    find_after_name(text, lower, name, found);
  return merged(std::move(found));
}

bool is_secret_name(std::string_view name) {
  auto plain = to_lower_ascii(name);
  std::replace(plain.begin(), plain.end(), '-', '_');
  constexpr std::array<std::string_view, 12> names = {
      "url",  "uri",    "dsn",   "database",    "databaseurl", "conninfo", "connection_string",
      "pass", "secret", "token", "credentials", "pwd"};
  constexpr std::array<std::string_view, 7> ends = {"_url", "_uri", "_dsn", "_pass", "_pwd", "_secret", "_token"};
  return std::find(names.begin(), names.end(), plain) != names.end() || plain.find("passw") != std::string::npos ||
         std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return plain.ends_with(end); });
}

std::vector<ByteRange> merged(std::vector<ByteRange> ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<ByteRange> joined;
  for (const auto& range : ranges) {
    if (range.empty()) continue;
    if (!joined.empty() && range.begin <= joined.back().end)
      joined.back().end = std::max(joined.back().end, range.end);
    else
      joined.push_back(range);
  }
  return joined;
}

std::string with_stars(std::string_view text, const std::vector<ByteRange>& hidden) {
  std::string shown;
  std::size_t at = 0;
  for (const auto& range : hidden) {
    shown.append(text.substr(at, range.begin - at)).append(stars);
    at = range.end;
  }
  return shown.append(text.substr(at));
}

RedactedSource::RedactedSource(const Source& source, std::vector<ByteRange> hidden) {
  const auto text = source.text();
  std::string shown;
  std::size_t at = 0;
  for (const auto& range : merged(std::move(hidden))) {
    shown.append(text.substr(at, range.begin - at));
    const ByteRange starred{shown.size(), shown.size() + stars.size()};
    shown.append(stars);
    const auto inside = range.of(text);
    shown.append(static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '\n')), '\n');
    hidden_.push_back({range, starred, shown.size()});
    at = range.end;
  }
  shown.append(text.substr(at));
  shown_ = make_source(source.path(), std::move(shown));
}

const RedactedSource::Hidden* RedactedSource::last_before(std::size_t offset) const {
  const auto next = std::partition_point(hidden_.begin(), hidden_.end(),
                                         [&](const Hidden& piece) { return piece.original.begin < offset; });
  return next == hidden_.begin() ? nullptr : &*std::prev(next);
}

ByteRange RedactedSource::map(ByteRange original) const {
  ByteRange shown = original;
  if (const auto* piece = last_before(original.begin); piece != nullptr) {
    const bool inside = original.begin < piece->original.end;
    shown.begin = inside ? piece->starred.begin : piece->resumes + (original.begin - piece->original.end);
  }
  if (const auto* piece = last_before(original.end); piece != nullptr) {
    const bool inside = original.end <= piece->original.end;
    shown.end = inside ? piece->starred.end : piece->resumes + (original.end - piece->original.end);
  }
  shown.end = std::max(shown.begin, shown.end);
  return shown;
}

bool RedactedSource::hides_any_of(ByteRange original) const {
  return std::any_of(hidden_.begin(), hidden_.end(), [&](const Hidden& piece) {
    return piece.original.begin < original.end && original.begin < piece.original.end;
  });
}

}  // namespace migrate::config
