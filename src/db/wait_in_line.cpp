#include "db/wait_in_line.hpp"

#include <algorithm>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1000};

}  // namespace

Result<Line, ServerError> wait_in_line(Session& session, const std::string& journal_schema, milliseconds timeout,
                                       const std::function<Result<bool, ServerError>()>& take,
                                       const MigrationLock::OnWait& on_wait) {
  const auto begun = Clock::now();
  Line line;
  const auto ended = [&line](LineEnd end) {
    line.end = end;
    return line;
  };
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    MIGRATE_TRY_ASSIGN(const bool taken, take());
    line.waited = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    if (taken) return ended(LineEnd::taken);
    // Where nobody can tell, the next try will have something to say.
    const auto holder = MigrationLock::holder(session, journal_schema);
    line.holder = holder ? *holder : std::nullopt;
    if (line.waited >= timeout) return ended(LineEnd::timed_out);
    if (on_wait) on_wait(line.holder, line.waited);
    if (!session.pause(std::min(pause, timeout - line.waited))) return ended(LineEnd::interrupted);
  }
}

}  // namespace migrate::db
