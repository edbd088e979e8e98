/// \file
/// Points in time as text. Nothing here reads a clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace migrate {

/// Seconds since 1970-01-01T00:00:00Z.
using Timestamp = std::chrono::sys_seconds;

/// RFC 3339 with 'T' or a blank, with or without fractions and zone (none: UTC), or a date alone.
std::optional<Timestamp> parse_timestamp(std::string_view text);
/// 2026-02-26T12:00:00Z
std::string format_timestamp(Timestamp time);
/// 2026-02-26
std::string format_date(Timestamp time);
/// strftime's %Y %m %d %H %M %S %s %j and %%, in UTC; another letter stays as it is.
std::string format_time(Timestamp time, std::string_view pattern);

/// "12 ms", "1.84 s", "4 min 3 s".
std::string format_duration(std::chrono::milliseconds duration);
/// "2 h ago", "6 d ago", "just now".
std::string format_ago(std::chrono::seconds age);

/// "5s", "500ms", "2min", "1h", "1d" or a bare number of milliseconds, as PostgreSQL's time settings.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace migrate
