#include <migrate/base/time.hpp>

#include "support/catch.hpp"

using namespace migrate;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {
Timestamp at(std::int64_t epoch) { return Timestamp{seconds{epoch}}; }
}  // namespace

TEST_CASE("timestamps are read in the forms that people and tools write") {
  const auto noon = at(1772107200);  // 2026-02-26T12:00:00Z
  CHECK(parse_timestamp("2026-02-26T12:00:00Z") == noon);
  CHECK(parse_timestamp("2026-02-26 12:00:00") == noon);
  CHECK(parse_timestamp("2026-02-26 12:00:00.123456") == noon);
  CHECK(parse_timestamp("2026-02-26t12:00:00.9z") == noon);
  CHECK(parse_timestamp("2026-02-26T14:30:00+02:30") == noon);
  CHECK(parse_timestamp("2026-02-26T07:00:00-0500") == noon);
  CHECK(parse_timestamp("2026-02-26 13:00:00+01") == noon);
  CHECK(parse_timestamp("  2026-02-26  ") == noon - 12h);
  CHECK(parse_timestamp("2024-02-29") == at(1709164800));
  CHECK(parse_timestamp("1969-12-31T23:59:59Z") == at(-1));
  CHECK(parse_timestamp("2016-12-31T23:59:60Z") == parse_timestamp("2017-01-01"));
}

TEST_CASE("what is no timestamp is not read as one") {
  const auto* text = GENERATE("", "today", "2026-2-26", "2026-02-30", "2025-02-29", "2026-13-01", "2026-02-26T",
                              "2026-02-26T24:00:00", "2026-02-26T12:60:00", "2026-02-26T12:00", "2026-02-26T12:00:61",
                              "2026-02-26T12:00:00.", "2026-02-26T12:00:00+", "2026-02-26T12:00:00+1",
                              "2026-02-26T12:00:00Zx", "2026-02-26T12:00:00+25:00", "20260226", "-026-02-26");
  CAPTURE(text);
  CHECK(parse_timestamp(text) == std::nullopt);
}

TEST_CASE("a formatted timestamp reads back as the same time") {
  for (std::int64_t epoch = -70'000'000'000; epoch < 200'000'000'000; epoch += 9'876'543'211) {
    if (epoch < -62'000'000'000) continue;
    CAPTURE(epoch);
    CHECK(parse_timestamp(format_timestamp(at(epoch))) == at(epoch));
  }
}

TEST_CASE("times are written as strftime writes them") {
  const auto time = *parse_timestamp("2026-03-05T07:08:09Z");
  CHECK(format_timestamp(time) == "2026-03-05T07:08:09Z");
  CHECK(format_date(time) == "2026-03-05");
  CHECK(format_time(time, "%Y%m%d%H%M%S") == "20260305070809");
  CHECK(format_time(time, "%j %s 100%%") == "064 1772694489 100%");
  CHECK(format_time(time, "%q %") == "%q %");
  CHECK(format_time(at(-1), "%Y-%m-%d %H:%M:%S %j") == "1969-12-31 23:59:59 365");
}

TEST_CASE("durations are written in the unit that fits") {
  CHECK(format_duration(0ms) == "0 ms");
  CHECK(format_duration(999ms) == "999 ms");
  CHECK(format_duration(1s) == "1 s");
  CHECK(format_duration(1840ms) == "1.84 s");
  CHECK(format_duration(1900ms) == "1.9 s");
  CHECK(format_duration(1004ms) == "1 s");
  CHECK(format_duration(10s) == "10 s");
  CHECK(format_duration(59'999ms) == "59.99 s");
  CHECK(format_duration(60s) == "1 min");
  CHECK(format_duration(243s) == "4 min 3 s");
  CHECK(format_duration(2h + 5min + 59s) == "2 h 5 min");
  CHECK(format_duration(49h) == "2 d 1 h");
}

TEST_CASE("ages are written in one unit") {
  CHECK(format_ago(-5s) == "just now");
  CHECK(format_ago(9s) == "just now");
  CHECK(format_ago(42s) == "42 s ago");
  CHECK(format_ago(60s) == "1 min ago");
  CHECK(format_ago(2h + 59min) == "2 h ago");
  CHECK(format_ago(24h * 6) == "6 d ago");
  CHECK(format_ago(24h * 800) == "2 y ago");
}

TEST_CASE("durations are read as PostgreSQL reads them") {
  CHECK(parse_duration("5s") == 5s);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("2min") == 2min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("1d") == 24h);
  CHECK(parse_duration("250") == 250ms);
  CHECK(parse_duration("0") == 0ms);
  CHECK(parse_duration(" 1.5 s ") == 1500ms);
  CHECK(parse_duration("1500us") == 2ms);
  CHECK(parse_duration("2147483647") == milliseconds{2147483647});
}

TEST_CASE("what is no duration is not read as one") {
  const auto* text = GENERATE("", "s", "-1s", "+1s", "5m", "5 sec", "5S", "5MIN", "1e3", "nan", "inf", "0x10",
                              "1h30min", "2147483648", "25d", "99999999999999999999h", ".", "five");
  CAPTURE(text);
  CHECK(parse_duration(text) == std::nullopt);
}
