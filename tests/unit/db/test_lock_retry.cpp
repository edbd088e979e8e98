#include <migrate/db/lock_retry.hpp>

#include "support/catch.hpp"

using namespace migrate::db;
using namespace std::chrono_literals;

TEST_CASE("pauses between tries double, are shortened by chance, and end at a minute") {
  LockRetry retry(24h);
  auto full = 100ms;
  for (int i = 0; i < 20; ++i) {
    const auto pause = retry.next(0ms);
    REQUIRE(pause);
    CHECK(*pause >= full / 2);
    CHECK(*pause <= full);
    full = std::min(full * 2, 60'000ms);
  }
  CHECK(retry.tries() == 20);
}

TEST_CASE("tries and pauses together take no longer than allowed") {
  LockRetry retry(1s);
  CHECK(retry.next(300ms));
  CHECK(retry.next(300ms));
  while (const auto pause = retry.next(300ms)) CHECK(*pause <= 1s);
  CHECK(retry.spent() <= 1s + 300ms);
  CHECK_FALSE(LockRetry(0ms).next(0ms));
}

TEST_CASE("only locks and deadlocks are worth another try") {
  ServerError error;
  for (const char* state : {"55P03", "40P01"}) {
    error.sqlstate = state;
    CHECK(is_lock_failure(error));
  }
  for (const char* state : {"", "57014", "40001", "23505"}) {
    error.sqlstate = state;
    CHECK_FALSE(is_lock_failure(error));
  }
}
