#include <migrate/config/edit_settings.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "config/settings_file.hpp"

namespace migrate::config {
namespace {

std::string value_of(const std::vector<std::string>& revisions) {
  if (revisions.size() == 1) return toml_text(revisions.front());
  std::vector<std::string> items;
  for (const auto& revision : revisions) items.push_back(toml_text(revision));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

constexpr std::string_view remark = "   # imported: taken into account, not judged";

/// Behind the line that opens the section, if the file has such a line.
std::optional<std::size_t> behind_header(std::string_view text) {
  std::size_t at = 0;
  for (const auto line : split(text, '\n')) {
    at += line.size() + 1;
    const auto words = trim(line.substr(0, line.find('#')));
    if (words == "[lint]") return std::min(at, text.size());
  }
  return std::nullopt;
}

/// What the file could become; which of them is well, the reader of settings says.
std::vector<std::string> proposals(std::string_view text, const std::string& value, const Place& present) {
  const std::string_view end = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
  std::vector<std::string> texts;
  if (present.source) {
    // The place is that of the shown text, which has the same lines, and in these the same columns unless a secret is
    // hidden.
    std::string changed(text);
    if (present.source->text() == text)
      texts.push_back(changed.replace(present.range.begin, present.range.size(), value));
    return texts;
  }
  const std::string line = fmt::format("start_after = {}{}{}", value, remark, end);
  std::string whole(text);
  if (!whole.empty() && !whole.ends_with('\n')) whole += end;
  if (const auto at = behind_header(whole)) texts.push_back(std::string(whole).insert(*at, line));
  texts.push_back(fmt::format("{}{}[lint]{}{}", whole, whole.empty() ? std::string_view() : end, end, line));
  return texts;
}

}  // namespace

std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7F) {
      quoted += fmt::format("\\u{:04X}", code);
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

Result<void> check_settings_text(const SourcePtr& settings) {
  Settings read;
  return read_settings_file(settings, read);
}

Result<std::string> with_start_after(const SourcePtr& source, const std::vector<std::string>& revisions) {
  Settings before;
  MIGRATE_TRY(read_settings_file(source, before));
  std::vector<std::string> wanted = before.lint.start_after.value;
  for (const auto& revision : revisions) {
    if (std::find(wanted.begin(), wanted.end(), revision) == wanted.end()) wanted.push_back(revision);
  }
  for (auto& text : proposals(source->text(), value_of(wanted), before.lint.start_after.place)) {
    Settings after;
    const auto read = read_settings_file(make_source(source->path(), text), after);
    if (read && after.lint.start_after.value == wanted) return std::move(text);
  }
  return fail(error("settings-not-edited", fmt::format("`{}` could not be edited", source->path()))
                  .help(fmt::format("write below [lint]: start_after = {}", value_of(wanted))));
}

}  // namespace migrate::config
