#include "db/conninfo.hpp"

#include "db/server_error_fields.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::db {
namespace {

// These two quote a keyword, which is what the reader needs.
constexpr std::string_view harmless_complaints[] = {"invalid connection option", "invalid URI query parameter"};

Diagnostic unreadable(std::string_view complaint, const ConnectOptions& options) {
  std::string text = without_quoted_pieces(tidy_text(complaint));
  if (options.mask) text = options.mask(text);
  return error("invalid-connection-string", "the connection string cannot be read")
      .note("libpq", std::move(text))
      .help("write it as `postgres://USER@HOST:PORT/DATABASE` or as `host=HOST dbname=DATABASE`")
      .help("in a URL, write `@ : / ? # %` of a user name or password as `%40 %3A %2F %3F %23 %25`");
}

}  // namespace

std::string describe(const ConnectTarget& target) {
  std::string text = target.database.empty() ? "the server" : target.database;
  if (!target.host.empty()) text += " at " + target.host;
  if (!target.host.empty() && !target.port.empty()) text += ":" + target.port;
  if (!target.user.empty()) text += " as " + target.user;
  return text;
}

std::string without_quoted_pieces(std::string_view complaint) {
  const auto starts = [&](std::string_view beginning) { return complaint.starts_with(beginning); };
  if (std::any_of(std::begin(harmless_complaints), std::end(harmless_complaints), starts)) {
    return std::string(complaint);
  }
  // What is quoted may hold quotes itself: all from the first to the last one goes, unless it is a single sign.
  const auto first = complaint.find('"');
  const auto last = complaint.rfind('"');
  if (first == last) return std::string(complaint);
  const auto next = complaint.find('"', first + 1);
  if (next == first + 2 && next != last) {
    return std::string(complaint.substr(0, next + 1)) + without_quoted_pieces(complaint.substr(next + 1));
  }
  return fmt::format("{}\"...\"{}", complaint.substr(0, first), complaint.substr(last + 1));
}

Result<ConnectParameters> ConnectParameters::parse(const ConnectOptions& options) {
  char* complaint = nullptr;
  const PqOptions given(PQconninfoParse(options.conninfo.c_str(), &complaint));
  const PqText owned(complaint);
  if (!given) return fail(unreadable(complaint ? complaint : "out of memory", options), ExitCode::usage);

  ConnectParameters parameters;
  for (const auto* option = given.get(); option->keyword; ++option) {
    if (option->val) parameters.set(option->keyword, option->val);
  }
  parameters.set("client_encoding", "UTF8");
  parameters.set_fallback("fallback_application_name", options.application_name);
  // A link on which nothing is said while a long statement runs must not be forgotten by a firewall in between.
  parameters.set_fallback("keepalives_idle", "60");
  return parameters;
}

std::vector<const char*> ConnectParameters::keywords() const {
  std::vector<const char*> list;
  for (const auto& keyword : keywords_) list.push_back(keyword.c_str());
  list.push_back(nullptr);
  return list;
}

std::vector<const char*> ConnectParameters::values() const {
  std::vector<const char*> list;
  for (const auto& value : values_) list.push_back(value.c_str());
  list.push_back(nullptr);
  return list;
}

void ConnectParameters::set(const std::string& keyword, std::string value) {
  const auto place = std::find(keywords_.begin(), keywords_.end(), keyword);
  if (place != keywords_.end()) {
    values_[static_cast<std::size_t>(place - keywords_.begin())] = std::move(value);
    return;
  }
  keywords_.push_back(keyword);
  values_.push_back(std::move(value));
}

void ConnectParameters::set_fallback(const std::string& keyword, std::string value) {
  if (std::find(keywords_.begin(), keywords_.end(), keyword) == keywords_.end()) set(keyword, std::move(value));
}

std::string ConnectParameters::value(std::string_view keyword) const {
  const auto place = std::find(keywords_.begin(), keywords_.end(), keyword);
  return place == keywords_.end() ? std::string() : values_[static_cast<std::size_t>(place - keywords_.begin())];
}

}  // namespace migrate::db
