// Programs run without a shell, with an environment made from scratch.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include <migrate/base/result.hpp>

#include "cluster/server_user.hpp"

namespace migrate::cluster {

/// How a program ended; its standard output and standard error together.
struct Ended {
  int exit_code = -1;  ///< 128 + signal of a killed one, 127 if it could not be run
  std::string output;

  [[nodiscard]] bool ok() const { return exit_code == 0; }
};

/// The file in `folders` (as PATH has them) that can be run. "cp" and the like: where everyone has them comes first.
std::optional<std::filesystem::path> find_program(std::string_view name, std::string_view folders);
std::optional<std::filesystem::path> find_system_program(std::string_view name);

/// Runs `arguments` (the first is the program's path) to its end. The program is killed if this process is, but what it
/// has started itself is not: a lock whose descriptor is in `kept` lasts until the last of them has ended.
Ended run_program(const std::vector<std::string>& arguments, const ServerUser& user, std::span<const int> kept = {});

struct Daemon {
  pid_t pid = -1;
  int error = 0;  ///< an errno; 0 if the program runs
};

/// Starts a program that outlives this process: session of its own, no descriptor of ours, output appended to `log`.
Daemon start_daemon(const std::vector<std::string>& arguments, const ServerUser& user,
                    const std::filesystem::path& log);

/// A zombie does not live.
bool process_lives(pid_t pid);

}  // namespace migrate::cluster
