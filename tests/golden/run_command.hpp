/// \file
/// Runs one line of a shell and takes what it writes.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace golden {

struct Surroundings {
  std::filesystem::path folder;
  std::map<std::string, std::string> environment;  ///< the whole of it
};

struct Output {
  std::vector<std::string> lines;
  int exit_status = 0;  ///< 128 + N where signal N ended it
};

enum class Streams { together, apart };

/// `apart`: lines of stderr come last, with "2> " in front. Nothing can be read from stdin.
/// Throws std::runtime_error if it takes longer than two minutes.
Output run_in_pipe(const std::string& command, const Surroundings& surroundings, Streams streams);

/// In a terminal of 100 columns. Each typed line is sent when a question stands on the screen.
Output run_in_terminal(const std::string& command, const Surroundings& surroundings,
                       const std::vector<std::string>& typed);

}  // namespace golden
