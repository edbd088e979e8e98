// The server itself goes down, as when its machine does, and comes again.
#include <thread>

#include <fmt/format.h>

#include "kill/campaign.hpp"
#include "support/catch.hpp"

using namespace migrate::kill;
using namespace migrate::test;

namespace {

Mischief stop_at_any_moment(Ground& ground, PrivateServer& server, Direction direction) {
  const auto moment = any_moment(ground.duration(direction));
  Mischief mischief{"server stopped in immediate mode", fmt::format("after {} us", moment.count())};
  mischief.meanwhile = [moment, &server](Ground& where) {
    std::this_thread::sleep_for(moment);
    if (where.program_ends_within(std::chrono::milliseconds(0))) return;
    where.strike();
    where.forget_connection();
    server.stop(true);
  };
  mischief.afterwards = [&server](Ground& where) {
    where.forget_connection();
    server.start();
  };
  return mischief;
}

void through_crashes(const History& history, std::size_t share) {
  PrivateServer server;
  Ground ground(history, server);
  Campaign campaign(history, true);
  const std::size_t wanted = share_of_kills(share);
  for (std::size_t bout = 0; campaign.kills() < wanted && bout < 3 * wanted + 6; bout += 2) {
    campaign.fight(ground, Direction::up, stop_at_any_moment(ground, server, Direction::up));
    server.start();
    campaign.fight(ground, Direction::down, stop_at_any_moment(ground, server, Direction::down));
    server.start();
  }
  CHECK(campaign.kills() > 0);
}

}  // namespace

TEST_CASE("a history of transactions survives the server's crashes") { through_crashes(transactional_history(), 8); }

TEST_CASE("a history of batches survives the server's crashes") { through_crashes(batched_history(), 12); }

TEST_CASE("a history outside transactions survives the server's crashes") { through_crashes(outside_history(), 12); }
