/// \file
/// Runs a transcript from top to bottom.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "golden/normalize.hpp"
#include "golden/run_command.hpp"
#include "golden/transcript.hpp"

namespace golden {

/// What a transcript is run in.
struct World {
  Surroundings surroundings;
  Normalizer normalizer;
  std::function<void(const std::string& sql)> execute;
  std::function<Lines(const std::string& sql)> query;  ///< rows, "|" between values
};

/// Something that came out otherwise than the transcript says.
struct Mismatch {
  std::size_t line = 0;  ///< of what was expected, from 1
  std::string what;      ///< the command or query
  std::string difference;
  Replacement replacement;  ///< what would make it right
};

/// All mismatches, in order. Throws std::runtime_error where a transcript cannot be run on.
std::vector<Mismatch> run(const Transcript& transcript, World world);

}  // namespace golden
