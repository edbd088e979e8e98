#include <migrate/base/time.hpp>

#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes pieces from the front of a text; after the first miss everything else misses too.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    if (rest_.size() < digits) return miss();
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest_[i])) return miss();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  void expect(std::string_view any_of) {
    if (!accept(any_of)) miss();
  }
  bool accept(std::string_view any_of) {
    if (!ok_ || rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_digits() {
    expect("0123456789");
    while (accept("0123456789")) {
    }
  }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

 private:
  int miss() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<std::chrono::sys_days> read_date(Reader& in) {
  const int year = in.number(4);
  in.expect("-");
  const int month = in.number(2);
  in.expect("-");
  const int day = in.number(2);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!in.ok() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<seconds> read_time_of_day(Reader& in) {
  const int hour = in.number(2);
  in.expect(":");
  const int minute = in.number(2);
  in.expect(":");
  const int second = in.number(2);
  if (in.accept(".,")) in.skip_digits();
  constexpr int leap_second = 60;
  if (!in.ok() || hour > 23 || minute > 59 || second > leap_second) return std::nullopt;
  return hours{hour} + minutes{minute} + seconds{second};
}

std::optional<seconds> read_zone(Reader& in) {
  if (in.done() || in.accept("Zz")) return seconds{0};
  const int sign = in.peek() == '-' ? -1 : 1;
  in.expect("+-");
  const int hour = in.number(2);
  int minute = 0;
  if (!in.done()) {
    in.accept(":");
    minute = in.number(2);
  }
  if (!in.ok() || hour > 23 || minute > 59) return std::nullopt;
  return sign * (hours{hour} + minutes{minute});
}

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<seconds> time;
  std::int64_t day_of_year;
};

Civil to_civil(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::sys_days new_year{date.year() / std::chrono::January / 1};
  return {date, std::chrono::hh_mm_ss<seconds>{time - day}, (day - new_year).count() + 1};
}

std::string format_field(const Civil& civil, Timestamp time, char letter) {
  switch (letter) {
    case 'Y': return fmt::format("{:04}", static_cast<int>(civil.date.year()));
    case 'm': return fmt::format("{:02}", static_cast<unsigned>(civil.date.month()));
    case 'd': return fmt::format("{:02}", static_cast<unsigned>(civil.date.day()));
    case 'H': return fmt::format("{:02}", civil.time.hours().count());
    case 'M': return fmt::format("{:02}", civil.time.minutes().count());
    case 'S': return fmt::format("{:02}", civil.time.seconds().count());
    case 'j': return fmt::format("{:03}", civil.day_of_year);
    case 's': return fmt::format("{}", time.time_since_epoch().count());
    case '%': return "%";
    default: return std::string{'%', letter};
  }
}

/// "4 min 3 s"; the smaller part is left out where it is nothing.
std::string two_parts(std::int64_t big, std::string_view big_unit, std::int64_t small, std::string_view small_unit) {
  return small == 0 ? fmt::format("{} {}", big, big_unit)
                    : fmt::format("{} {} {} {}", big, big_unit, small, small_unit);
}

struct Unit {
  std::string_view name;
  double milliseconds;
};
// PostgreSQL's own, src/backend/utils/misc/guc.c. Case matters there too.
constexpr Unit duration_units[] = {{"us", 0.001}, {"ms", 1.0},    {"s", 1000.0}, {"min", 60e3},
                                   {"h", 3600e3}, {"d", 86400e3}, {"", 1.0}};

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader in(trim(text));
  const auto day = read_date(in);
  if (!day) return std::nullopt;
  if (in.done()) return Timestamp{*day};
  in.expect("Tt ");
  const auto time = read_time_of_day(in);
  if (!time) return std::nullopt;
  const auto zone = read_zone(in);
  if (!zone || !in.done()) return std::nullopt;
  return Timestamp{*day} + *time - *zone;
}

std::string format_timestamp(Timestamp time) { return format_time(time, "%Y-%m-%dT%H:%M:%SZ"); }

std::string format_date(Timestamp time) { return format_time(time, "%Y-%m-%d"); }

std::string format_time(Timestamp time, std::string_view pattern) {
  const auto civil = to_civil(time);
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' && i + 1 < pattern.size())
      text += format_field(civil, time, pattern[++i]);
    else
      text += pattern[i];
  }
  return text;
}

std::string format_duration(milliseconds duration) {
  const auto total = duration.count();
  if (total < 1000) return fmt::format("{} ms", total);
  if (total < 60'000) {
    // Cut, not rounded: 59.999 s must not become 60 s.
    auto text = fmt::format("{}.{:02}", total / 1000, total % 1000 / 10);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + " s";
  }
  const auto whole = total / 1000;
  if (whole < 3600) return two_parts(whole / 60, "min", whole % 60, "s");
  if (whole < 86'400) return two_parts(whole / 3600, "h", whole % 3600 / 60, "min");
  return two_parts(whole / 86'400, "d", whole % 86'400 / 3600, "h");
}

std::string format_ago(seconds age) {
  const auto count = age.count();
  if (count < 10) return "just now";
  if (count < 60) return fmt::format("{} s ago", count);
  if (count < 3600) return fmt::format("{} min ago", count / 60);
  if (count < 86'400) return fmt::format("{} h ago", count / 3600);
  const auto days = count / 86'400;
  return days < 365 ? fmt::format("{} d ago", days) : fmt::format("{} y ago", days / 365);
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  text = trim(text);
  // from_chars would take a sign, "inf" and "nan" too.
  if (text.empty() || !(is_digit(text.front()) || text.front() == '.')) return std::nullopt;
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failed != std::errc{}) return std::nullopt;
  const auto unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const auto& known : duration_units) {
    if (known.name != unit) continue;
    const double total = number * known.milliseconds + 0.5;
    // The server's time settings are 32-bit.
    if (total >= static_cast<double>(std::numeric_limits<std::int32_t>::max()) + 1) return std::nullopt;
    return milliseconds{static_cast<std::int64_t>(total)};
  }
  return std::nullopt;
}

}  // namespace migrate
