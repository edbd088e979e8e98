#include <migrate/config/database_url.hpp>

#include <algorithm>
#include <array>

#include <migrate/base/text.hpp>

#include "config/connection_text.hpp"
#include "config/secrets.hpp"

namespace migrate::config {
namespace {

constexpr std::size_t least_length = 3;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The ends of the ways in which the text at `at` can stand for `wanted`: itself, percent-encoded, after a backslash,
/// or a doubled quote.
void match_character(std::string_view text, std::size_t at, char wanted, std::vector<std::size_t>& ends) {
  const auto next = [&](std::size_t distance) { return at + distance < text.size() ? text[at + distance] : '\0'; };
  if (next(0) == wanted || (next(0) == '+' && wanted == ' ')) ends.push_back(at + 1);
  if ((next(0) == '\\' || (next(0) == '\'' && wanted == '\'')) && next(1) == wanted) ends.push_back(at + 2);
  const int high = next(0) == '%' ? hex_value(next(1)) : -1;
  const int low = hex_value(next(2));
  if (high >= 0 && low >= 0 && static_cast<char>(high * 16 + low) == wanted) ends.push_back(at + 3);
}

/// The end of the secret that begins at `at`, in whatever mix of encodings. A `%` may stand for itself or begin a code,
/// so that every way is followed. Requires: at < text.size(), and a secret that is not empty.
std::optional<std::size_t> match(std::string_view text, std::size_t at, std::string_view secret) {
  constexpr std::string_view begins_code = "%\\'+";
  const bool possible = text[at] == secret.front() || begins_code.find(text[at]) != std::string_view::npos;
  if (!possible) return std::nullopt;
  std::vector<std::size_t> places{at};
  for (const char wanted : secret) {
    std::vector<std::size_t> ends;
    for (const auto place : places)
      if (place < text.size()) match_character(text, place, wanted, ends);
    if (ends.empty()) return std::nullopt;
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    places = std::move(ends);
  }
  return places.back();
}

/// Words that every text about a connection has. To mask them elsewhere would tell the password, not hide it.
bool is_common_word(std::string_view secret) {
  constexpr std::array<std::string_view, 8> words = {"postgres", "postgresql", "password", "user",
                                                     "database", "localhost",  "host",     "root"};
  return std::find(words.begin(), words.end(), secret) != words.end();
}

}  // namespace

void SecretMask::add(std::string secret) {
  if (secret.size() < least_length || is_common_word(secret)) return;
  if (auto decoded = percent_decoded(secret); decoded && *decoded != secret) add(*std::move(decoded));
  if (std::find(secrets_.begin(), secrets_.end(), secret) == secrets_.end()) secrets_.push_back(std::move(secret));
}

void SecretMask::add(const SecretMask& other) {
  for (const auto& secret : other.secrets_) add(secret);
}

std::string SecretMask::apply(std::string_view text) const {
  auto hidden = find_secret_shapes(text);
  for (const auto& secret : secrets_)
    for (std::size_t at = 0; at < text.size(); ++at)
      if (const auto end = match(text, at, secret)) hidden.push_back({at, *end});
  return with_stars(text, merged(std::move(hidden)));
}

std::optional<SecretMask> SecretMask::found_in(std::string_view text) {
  const auto shapes = find_secret_shapes(text);
  if (shapes.empty()) return std::nullopt;
  SecretMask mask;
  for (const auto& shape : shapes) {
    auto secret = shape.of(text);
    const bool quoted = secret.size() > 1 && secret.front() == secret.back() && secret.find_first_of("'\"") == 0;
    if (quoted) secret = secret.substr(1, secret.size() - 2);
    mask.add(std::string(secret));
  }
  return mask;
}

SecretMask SecretMask::of(const DatabaseUrl& url, std::string_view pgpassword) {
  SecretMask mask;
  std::vector<std::string> secrets{std::string(pgpassword)};
  std::vector<std::string> shown;
  if (const auto scanned = scan_connection_text(url.conninfo)) {
    for (const auto& field : scanned->fields)
      (is_secret_parameter(field.name) ? secrets : shown).push_back(field.value);
  }
  for (auto& secret : secrets) {
    // A password that is also the user's or the database's name is no secret, and masking the name would tell it.
    const bool is_shown = std::find(shown.begin(), shown.end(), secret) != shown.end();
    if (!is_shown) mask.add(std::move(secret));
  }
  return mask;
}

}  // namespace migrate::config
