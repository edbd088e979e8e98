#include "db/lookout.hpp"

#include <migrate/base/log.hpp>

#include "db/ask.hpp"
#include "db/connect_attempt.hpp"
#include "db/poll_wait.hpp"
#include "db/progress_report.hpp"
#include "db/session_state.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_interval{100};
constexpr milliseconds longest_interval{1000};
constexpr milliseconds patience{5000};
// Where all connections are taken, this one must not be a burden to those who have to connect.
constexpr milliseconds connect_again_after{10'000};

milliseconds interval_for(milliseconds lock_timeout) {
  if (lock_timeout.count() <= 0) return longest_interval;
  return std::clamp(lock_timeout / 4, shortest_interval, longest_interval);
}

}  // namespace

Lookout::Lookout(Session& session, milliseconds lock_timeout)
    : session_(session), interval_(interval_for(lock_timeout)) {}

Lookout::~Lookout() { rest(); }

void Lookout::rest() {
  if (!thread_) return;
  give_up_->raise();
  thread_->join();
  thread_.reset();
}

void Lookout::forget() {
  rest();
  sight_ = {};
  speed_ = {};
}

std::vector<Blocker> Lookout::blockers() const {
  const std::lock_guard hold(mutex_);
  return sight_.blockers;
}

std::optional<Progress> Lookout::look(milliseconds running) {
  if (running < interval_) return std::nullopt;
  if (!thread_) {
    give_up_.emplace();
    const auto started = Clock::now() - running;
    thread_.emplace([this, started, pid = session_.info().backend_pid] { watch(pid, started); });
    return std::nullopt;
  }
  std::optional<Progress> news;
  {
    const std::lock_guard hold(mutex_);
    if (std::exchange(sight_.fresh, false)) news = sight_.progress;
  }
  if (news) speed_.measure(*news);
  return news;
}

void Lookout::watch(int backend_pid, Clock::time_point started) {
  do {
    if (connection_ || connect()) ask_once(backend_pid, started);
  } while (wait_for(-1, 0, &*give_up_, interval_) != Wake::interrupted);
}

bool Lookout::connect() {
  if (Clock::now() < next_connect_) return false;
  next_connect_ = Clock::now() + connect_again_after;
  // The user's own connection: who may see more of others is the user, not the role.
  const auto parameters = ConnectParameters::parse(SessionAccess::state(session_).options);
  if (!parameters) return false;
  auto connected = attempt_connection(*parameters, &*give_up_, patience);
  if (!connected) {
    log::debug("no second connection to see how far a statement is: {}", connected.error().text);
    return false;
  }
  connection_ = *std::move(connected);
  // Of a process that is ours alone, see Session::connect().
  constexpr int knows_idle_session_timeout = 140000;
  if (PQserverVersion(connection_.get()) >= knows_idle_session_timeout) {
    const auto kept =
        ask(connection_.get(),
            fmt::format("SELECT pg_catalog.set_config('idle_session_timeout', '0', pg_catalog.pg_backend_pid() <> {})",
                        PQbackendPID(connection_.get())),
            &*give_up_, patience);
    if (!kept) log::debug("the second connection may be ended for being idle: {}", kept.error().message);
  }
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  return true;
}

void Lookout::ask_once(int backend_pid, Clock::time_point started) {
  // Each is a transaction of its own, and ends with its answer.
  const auto blockers = ask(connection_.get(), blockers_sql(backend_pid), &*give_up_, patience);
  const auto counted = blockers ? ask(connection_.get(), progress_sql(backend_pid), &*give_up_, patience) : blockers;
  if (!counted) {
    log::debug("the second connection has nothing to tell: {}", counted.error().message);
    connection_.reset();
    return;
  }
  Sight sight{.progress = {}, .blockers = read_blockers(*blockers), .fresh = true};
  if (!counted->empty()) sight.progress = read_progress(counted->front());
  if (!sight.progress && !sight.blockers.empty()) sight.progress.emplace();
  if (sight.progress) {
    sight.progress->elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - started);
    sight.progress->waits_for = sight.blockers;
  }
  const std::lock_guard hold(mutex_);
  // One who was in the way a moment ago is worth more than nobody.
  if (sight.blockers.empty()) sight.blockers = sight_.blockers;
  sight_ = std::move(sight);
}

}  // namespace migrate::db
