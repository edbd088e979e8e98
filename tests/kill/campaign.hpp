/// \file
/// How many kills there are, what came of them, and the chance that chooses.
#pragma once

#include <cstddef>
#include <map>
#include <random>
#include <string>

#include "kill/ground.hpp"

namespace migrate::kill {

/// A test's share, where all tests together kill about five hundred times. MIGRATE_KILLS, a number, asks for so many in
/// all.
std::size_t share_of_kills(std::size_t share);

/// Seeded by MIGRATE_KILL_SEED, else always the same.
std::mt19937& chance();
/// Any moment of a time, and a little after.
std::chrono::microseconds any_moment(std::chrono::microseconds time);

/// Counts the bouts of one test. At its end it prints what came of them and, where MIGRATE_KILL_LOG names a file, adds
/// it there.
class Campaign {
 public:
  /// `exact`: a run that stops and asks a person is wrong too.
  Campaign(const History& history, bool exact);
  ~Campaign();
  Campaign(const Campaign&) = delete;
  Campaign& operator=(const Campaign&) = delete;

  /// One bout; a test failure where it went wrong. Throws when too many did.
  void fight(Ground& ground, Direction direction, const Mischief& mischief);
  [[nodiscard]] std::size_t kills() const { return kills_; }

 private:
  struct Count {
    std::size_t kills = 0, too_late = 0, exact = 0, asked = 0, wrong = 0, runs = 0;
    std::map<int, std::size_t> codes;  // of the disturbed run
  };

  std::string name_;
  bool exact_;
  std::map<std::string, Count> counts_;
  std::size_t kills_ = 0, failures_ = 0;
};

}  // namespace migrate::kill
