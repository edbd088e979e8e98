/// \file
/// The program's log (spdlog, to stderr): for people who debug it with -vv. What users read goes through diagnostics.
#pragma once

#include <functional>
#include <string_view>

#include <fmt/format.h>

namespace migrate::log {

enum class Level { off, warn, debug, trace };

void set_level(Level level);
bool enabled(Level level);
void write(Level level, std::string_view message);

/// Takes whole lines, with their line ends, one at a time, of any thread; it must not log. None: stderr.
using Writer = std::function<void(std::string_view lines)>;
void set_writer(Writer writer);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void trace(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::trace)) write(Level::trace, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace migrate::log
