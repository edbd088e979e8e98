#include "ops/rehearsal/sampler.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <migrate/db/field.hpp>

namespace migrate::ops {
namespace {

using namespace std::chrono_literals;

// Of one who is in the way of nobody any more it is of no use to wait.
constexpr auto longest_obstruction = 10s;

constexpr std::array<const char*, 3> obstacle_modes{"SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE", "ACCESS SHARE"};

constexpr std::string_view locks_query = R"(
SELECT relation, mode FROM pg_catalog.pg_locks WHERE locktype = 'relation' AND pid = $1
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))";

constexpr std::string_view blockers_query = "SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids($1))";

}  // namespace

std::unique_ptr<LockSampler> LockSampler::make(db::Session& watched) {
  auto watcher = watched.another();
  if (!watcher) return nullptr;
  std::unique_ptr<LockSampler> sampler(new LockSampler(*std::move(watcher), watched.info().backend_pid));
  for (std::size_t i = 0; i < obstacle_modes.size(); ++i) {
    auto session = watched.another();
    if (!session) return nullptr;
    sampler->obstacles_.push_back(*std::move(session));
  }
  return sampler;
}

void LockSampler::start(const std::vector<std::string>& tables) {
  stop();
  seen_.clear();
  for (std::size_t i = 0; i < obstacles_.size() && !tables.empty(); ++i) {
    const auto locked =
        obstacles_[i].execute(fmt::format("BEGIN; SET LOCAL lock_timeout = '1s'; LOCK TABLE ONLY {} IN {} MODE",
                                          fmt::join(tables, ", ONLY "), obstacle_modes[i]));
    // Its user may not lock them: then it is in nobody's way.
    if (!locked) (void)obstacles_[i].execute("ROLLBACK");
  }
  ending_ = false;
  thread_ = std::thread([this] { look(); });
}

bool LockSampler::look_once() {
  const std::array<std::optional<std::string>, 1> pid{std::to_string(watched_)};
  const auto blockers = watcher_.query(blockers_query, pid);
  const auto locks = watcher_.query(locks_query, pid);
  if (!blockers || !locks) return false;
  for (const auto& row : *locks) {
    auto& mode = seen_[db::to_number<RelationId>(row[0]).value_or(0)];
    mode = std::max(mode, lock_mode_of(row[1].value_or("")));
  }
  for (const auto& row : *blockers) {
    for (auto& obstacle : obstacles_) {
      if (row[0] == std::to_string(obstacle.info().backend_pid)) (void)obstacle.execute("ROLLBACK");
    }
  }
  return true;
}

void LockSampler::look() {
  const auto give_up = std::chrono::steady_clock::now() + longest_obstruction;
  while (!ending_ && std::chrono::steady_clock::now() < give_up && look_once()) std::this_thread::sleep_for(1ms);
  for (auto& obstacle : obstacles_) {
    if (obstacle.transaction_status() != db::TransactionStatus::idle) (void)obstacle.execute("ROLLBACK");
  }
}

std::map<RelationId, rules::LockMode> LockSampler::stop() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
  return std::exchange(seen_, {});
}

}  // namespace migrate::ops
