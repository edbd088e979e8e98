#include "golden/normalize.hpp"

#include <functional>
#include <regex>
#include <set>

#include <migrate/base/time.hpp>

namespace golden {
namespace {

using Clock = std::chrono::system_clock;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty()) return;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// Each match is replaced by what `replace` makes of it.
std::string replace_matches(const std::string& text, const std::regex& pattern,
                            const std::function<std::string(const std::smatch&)>& replace) {
  std::string result;
  auto rest = text.cbegin();
  for (auto match = std::sregex_iterator(text.begin(), text.end(), pattern); match != std::sregex_iterator(); ++match) {
    result.append(rest, (*match)[0].first).append(replace(*match));
    rest = (*match)[0].second;
  }
  return result.append(rest, text.cend());
}

std::string replace_times(const std::string& line, Clock::time_point start) {
  static const std::regex time(R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?)");
  static const std::regex date(R"(\b\d{4}-\d\d-\d\d\b)");
  // Only what can be the time of this run: dates in files are what they are.
  const auto margin = std::chrono::minutes(5);
  const auto now = Clock::now();
  const auto is_now = [&](const std::string& text) {
    const auto parsed = migrate::parse_timestamp(text);
    return parsed && *parsed >= start - margin && *parsed <= now + margin;
  };
  const auto day = [](Clock::time_point when) {
    return migrate::format_date(std::chrono::time_point_cast<std::chrono::seconds>(when));
  };
  const std::set<std::string> days{day(start), day(now)};
  const auto without_times = replace_matches(
      line, time, [&](const std::smatch& match) { return is_now(match.str()) ? "[TIME]" : match.str(); });
  return replace_matches(without_times, date, [&](const std::smatch& match) {
    return days.count(match.str()) == 1 ? "[DATE]" : match.str();
  });
}

std::string replace_durations(std::string line) {
  static const std::regex ago(R"(\b(just now|\d+ (s|min|h) ago))");
  static const std::regex duration(R"(\b\d+(\.\d+)? (ms|s)\b|\b\d+ min( \d+ s)?\b|\b\d+ h( \d+ min)?\b)");
  static const std::regex in_json(R"re(("(\w+_)?ms": ?)\d+)re");
  line = std::regex_replace(line, ago, "[AGO]");
  line = std::regex_replace(line, duration, "[DURATION]");
  // A newer pg_dump begins with more settings.
  static const std::regex hunk(R"(@@ -\d{2,},(\d+) \+\d{2,},(\d+) @@)");
  line = std::regex_replace(line, hunk, "@@ -[LINE],$1 +[LINE],$2 @@");
  return std::regex_replace(line, in_json, "$1[MS]");
}

/// Blanks that fill a column up are as many as the text beside them lets them be.
std::string collapse_padding(const std::string& line) {
  static const std::regex before(R"((\S)  +(\[[A-Z]+\]))");
  static const std::regex after(R"((\[[A-Z]+\])  +)");
  return std::regex_replace(std::regex_replace(line, after, "$1  "), before, "$1  $2");
}

}  // namespace

std::string Normalizer::normalize(std::string_view line, bool exact) const {
  static const std::regex pid(R"re((\bpid"?:? ?)\d+)re");
  auto text = replace_times(std::string(line), start_);
  // Before versions: "15.14 s" is none.
  if (!exact) text = replace_durations(std::move(text));
  for (const auto& [placeholder, meaning] : names_) replace_all(text, meaning, placeholder);
  text = std::regex_replace(text, pid, "$1[PID]");
  return collapse_padding(text);
}

std::string Normalizer::resolve(std::string text) const {
  // The same placeholder may stand for several texts: the first one counts.
  for (const auto& [placeholder, meaning] : names_) replace_all(text, placeholder, meaning);
  return text;
}

}  // namespace golden
