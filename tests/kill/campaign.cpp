#include "kill/campaign.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "support/catch.hpp"

namespace migrate::kill {
namespace {

constexpr std::size_t usual_kills = 500;
constexpr std::size_t too_many_failures = 6;

std::size_t number_in(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? static_cast<std::size_t>(std::strtoull(text, nullptr, 10)) : otherwise;
}

}  // namespace

std::size_t share_of_kills(std::size_t share) {
  const std::size_t wanted = number_in("MIGRATE_KILLS", usual_kills);
  return std::max<std::size_t>(1, (share * wanted + usual_kills - 1) / usual_kills);
}

std::mt19937& chance() {
  static std::mt19937 generator(static_cast<unsigned>(number_in("MIGRATE_KILL_SEED", 1)));
  return generator;
}

std::chrono::microseconds any_moment(std::chrono::microseconds time) {
  std::uniform_int_distribution<long> choice(0, time.count() + time.count() / 20);
  return std::chrono::microseconds(choice(chance()));
}

Campaign::Campaign(const History& history, bool exact) : name_(history.name), exact_(exact) {}

Campaign::~Campaign() {
  std::string text;
  for (const auto& [kind, count] : counts_) {
    std::string codes;
    for (const auto& [code, times] : count.codes) codes += fmt::format(" {}:{}", code, times);
    text += fmt::format("kills\t{}\t{}\t{}\tlate {}\texact {}\tasked {}\twrong {}\truns {}\tfirst{}\n", name_, kind,
                        count.kills, count.too_late, count.exact, count.asked, count.wrong, count.runs, codes);
  }
  fmt::print("{}", text);
  if (const char* path = std::getenv("MIGRATE_KILL_LOG"); path && *path) std::ofstream(path, std::ios::app) << text;
}

void Campaign::fight(Ground& ground, Direction direction, const Mischief& mischief) {
  const Story story = ground.bout(direction, mischief);
  Count& count = counts_[mischief.kind];
  ++(story.struck ? count.kills : count.too_late);
  kills_ += story.struck ? 1 : 0;
  count.runs += story.codes.size();
  ++count.codes[story.codes.front()];
  const bool wrong = story.verdict == Verdict::wrong || (exact_ && story.verdict == Verdict::asked);
  if (wrong) {
    ++count.wrong;
  } else {
    ++(story.verdict == Verdict::exact ? count.exact : count.asked);
    CHECK(true);
    return;
  }
  UNSCOPED_INFO((story.verdict == Verdict::asked ? "it cannot go on by itself, " : "") + story.account);
  CHECK_FALSE(wrong);
  if (++failures_ >= too_many_failures) throw std::runtime_error("too many failures to go on");
}

}  // namespace migrate::kill
