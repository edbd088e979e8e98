// Every question that the program asks the server is a moment at which it dies, or its link does.
#include <array>

#include "kill/campaign.hpp"
#include "kill/mischief.hpp"
#include "support/catch.hpp"

using namespace migrate::kill;
using migrate::test::find_pgbouncer;
using migrate::test::Pooler;

namespace {

constexpr std::array<MakeMischief, 6> kinds{kill_within, kill_after, cut_after, kill_before, strand, cut_before};

// The kinds take turns at the questions; where there are more rounds, each question meets each kind.
void at_every_question(Ground& ground, const History& history, std::size_t share) {
  Campaign campaign(history, true);
  const int up = ground.questions(Direction::up), down = ground.questions(Direction::down);
  const std::size_t wanted = share_of_kills(share);
  for (std::size_t round = 0; campaign.kills() < wanted; ++round) {
    for (int n = 1; n <= std::max(up, down); ++n) {
      const auto make = kinds[(static_cast<std::size_t>(n) + round) % kinds.size()];
      if (n <= up) campaign.fight(ground, Direction::up, make(ground, n));
      if (n <= down) campaign.fight(ground, Direction::down, make(ground, n));
    }
  }
}

void at_every_question(const History& history, std::size_t share) {
  Ground ground(history);
  at_every_question(ground, history, share);
}

}  // namespace

TEST_CASE("a history of transactions survives an end at every question") {
  at_every_question(transactional_history(), 100);
}

TEST_CASE("a history outside transactions survives an end at every question") {
  at_every_question(outside_history(), 150);
}

TEST_CASE("a history of batches survives an end at every question") { at_every_question(batched_history(), 150); }

TEST_CASE("a mixed history survives an end at every question") { at_every_question(mixed_history(), 100); }

TEST_CASE("a history of transactions survives an end at every question behind a pooler in transaction mode") {
  if (!find_pgbouncer()) {
    WARN("SKIPPED: there is no pgbouncer (Debian: apt-get install pgbouncer)");
    return;
  }
  const Pooler pooler("transaction", "default_pool_size = 3");
  Ground ground(transactional_history(), pooler);
  at_every_question(ground, transactional_history(), 100);
}
