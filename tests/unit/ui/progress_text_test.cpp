// How far a statement is, in words.
#include <migrate/db/progress.hpp>

#include "support/catch.hpp"
#include "ui/progress_text.hpp"

using namespace migrate;
using namespace std::chrono_literals;

TEST_CASE("how far a statement is, is told with phase, part, speed and the time that is left") {
  db::Progress progress;
  CHECK(ui::describe(progress).empty());
  CHECK(ui::draw_bar(progress, 10).empty());
  progress.phase = "building index: scanning table";
  CHECK(ui::describe(progress) == "building index: scanning table");
  progress.unit = "bytes";
  progress.done = 3LL << 29;
  CHECK(ui::describe(progress) == "building index: scanning table, 1.5 GB");
  progress.total = 3LL << 30;
  progress.per_second = 12.0 * 1024 * 1024;
  progress.left = 128s;
  CHECK(ui::describe(progress) == "building index: scanning table, 50 % of 3.0 GB, 12 MB/s, 2 min 8 s left");
  CHECK(ui::draw_bar(progress, 10) == "[#####.....]");
  progress = {.phase = "copying", .unit = "rows", .done = 1'234'567};
  CHECK(ui::describe(progress) == "copying, 1 234 567 rows");
  progress = {.phase = "waiting for old snapshots", .unit = "sessions", .done = 0, .total = 2};
  progress.left = 5s;
  CHECK(ui::describe(progress) == "waiting for old snapshots, 0 of 2 sessions");
  CHECK(ui::draw_bar(progress, 10).empty());
}

TEST_CASE("whom a statement waits for is told without what they run") {
  db::Progress progress;
  CHECK(ui::describe_waiting(progress).empty());
  progress.waits_for.push_back(
      {.pid = 4121, .user = "app", .application = "psql", .state = "idle in transaction", .since = 42s});
  CHECK(ui::describe_waiting(progress) ==
        "waits for pid 4121 (app, psql, idle in transaction, its transaction is 42 s old)");
  progress.waits_for.push_back({.pid = 0, .user = "", .application = "", .state = "", .since = {}});
  CHECK(ui::describe_waiting(progress) ==
        "waits for pid 4121 (app, psql, idle in transaction, its transaction is 42 s old) and a prepared transaction");
}

TEST_CASE("a part is never more than the whole, and unknown without one") {
  db::Progress progress{.unit = "rows", .done = 5};
  CHECK_FALSE(db::percent(progress));
  progress.total = 0;
  CHECK_FALSE(db::percent(progress));
  progress.total = 200;
  CHECK(db::percent(progress) == 2);
  progress.done = 300;
  CHECK(db::percent(progress) == 100);
}

TEST_CASE("the speed is that of the last ten seconds, and begins anew with a phase") {
  db::Speedometer speed;
  const auto at = [&speed](std::chrono::milliseconds elapsed, std::int64_t done, const char* phase = "scanning") {
    db::Progress progress{.phase = phase, .unit = "rows", .done = done, .total = 10'000};
    progress.elapsed = elapsed;
    speed.measure(progress);
    return progress;
  };
  CHECK_FALSE(at(1s, 100).per_second);
  const auto second = at(2s, 200);
  CHECK(second.per_second == 100.0);
  CHECK(second.left == 98s);
  for (int i = 3; i <= 30; ++i) at(std::chrono::seconds(i), 200);
  CHECK(at(31s, 200).per_second == 0.0);
  CHECK_FALSE(at(32s, 200).left);
  CHECK_FALSE(at(33s, 0, "sorting").per_second);
  CHECK(at(34s, 50, "sorting").per_second == 50.0);
  CHECK_FALSE(at(35s, 10, "sorting").per_second);
}
