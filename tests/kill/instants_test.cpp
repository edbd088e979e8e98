// Moments that nobody chose: anywhere in the time that a run takes.
#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "kill/campaign.hpp"
#include "kill/mischief.hpp"
#include "support/catch.hpp"

using namespace migrate::kill;
using namespace migrate::test;

namespace {

// Waits for the moment; false where the program was faster.
bool still_runs_after(Ground& ground, std::chrono::microseconds moment) {
  const auto end = std::chrono::steady_clock::now() + moment;
  std::this_thread::sleep_until(end);
  return !ground.program_ends_within(std::chrono::milliseconds(0));
}

Mischief signal_at_any_moment(Ground& ground, Direction direction, int signal, std::string kind) {
  const auto moment = any_moment(ground.duration(direction));
  Mischief mischief{std::move(kind), fmt::format("after {} us", moment.count())};
  mischief.meanwhile = [moment, signal](Ground& where) {
    if (!still_runs_after(where, moment)) return;
    where.strike();
    where.signal(signal);
  };
  return mischief;
}

Mischief terminate_at_any_moment(Ground& ground, Direction direction) {
  const auto moment = any_moment(ground.duration(direction));
  Mischief mischief{"backend terminated", fmt::format("after {} us", moment.count())};
  mischief.meanwhile = [moment](Ground& where) {
    if (still_runs_after(where, moment) && where.terminate_backends()) where.strike();
  };
  return mischief;
}

template <class Make>
void at_any_moment(const History& history, std::size_t share, const Make& make) {
  Ground ground(history);
  Campaign campaign(history, true);
  const std::size_t wanted = share_of_kills(share);
  // Some come too late: they are bouts, but no kills.
  for (std::size_t bout = 0; campaign.kills() < wanted && bout < 3 * wanted + 6; bout += 2) {
    campaign.fight(ground, Direction::up, make(ground, Direction::up));
    campaign.fight(ground, Direction::down, make(ground, Direction::down));
  }
  CHECK(campaign.kills() > 0);
}

Mischief kill_at_any_moment(Ground& ground, Direction direction) {
  return signal_at_any_moment(ground, direction, SIGKILL, "killed at any moment");
}

void through_signals(const History& history, std::size_t share) {
  Ground ground(history);
  Campaign campaign(history, true);
  const std::size_t wanted = share_of_kills(share);
  for (int n = 1; campaign.kills() < wanted; n += 3) {
    const int up = (n - 1) % ground.questions(Direction::up) + 1;
    const int down = (n - 1) % ground.questions(Direction::down) + 1;
    campaign.fight(ground, Direction::up, send_sigint(ground, up));
    campaign.fight(ground, Direction::down, send_sigterm(ground, down));
    campaign.fight(ground, Direction::up,
                   signal_at_any_moment(ground, Direction::up, SIGTERM, "SIGTERM at any moment"));
    campaign.fight(ground, Direction::down,
                   signal_at_any_moment(ground, Direction::down, SIGINT, "SIGINT at any moment"));
  }
}

}  // namespace

TEST_CASE("a history of transactions survives SIGKILL at any moment") {
  at_any_moment(transactional_history(), 20, kill_at_any_moment);
}

TEST_CASE("a history outside transactions survives SIGKILL at any moment") {
  at_any_moment(outside_history(), 20, kill_at_any_moment);
}

TEST_CASE("a history of batches survives SIGKILL at any moment") {
  at_any_moment(batched_history(), 30, kill_at_any_moment);
}

TEST_CASE("a history of batches survives the end of its server process") {
  at_any_moment(batched_history(), 20, terminate_at_any_moment);
}

TEST_CASE("a history of transactions survives the end of its server process") {
  at_any_moment(transactional_history(), 20, terminate_at_any_moment);
}

TEST_CASE("a history outside transactions survives the end of its server process") {
  at_any_moment(outside_history(), 20, terminate_at_any_moment);
}

TEST_CASE("a mixed history survives SIGINT and SIGTERM") { through_signals(mixed_history(), 40); }

TEST_CASE("a history of batches survives SIGINT and SIGTERM") { through_signals(batched_history(), 40); }

TEST_CASE("where a procedure commits in the middle, the program goes on exactly or stops and asks") {
  Ground ground(committing_history());
  Campaign campaign(committing_history(), false);
  const int last = ground.questions(Direction::up);
  for (const std::size_t wanted = share_of_kills(40); campaign.kills() < wanted;) {
    // The first revision is of no interest here.
    for (int n = last / 3; n <= last; ++n) {
      campaign.fight(ground, Direction::up, n % 2 == 0 ? kill_within(ground, n) : kill_after(ground, n));
    }
    campaign.fight(ground, Direction::up, kill_at_any_moment(ground, Direction::up));
  }
}
