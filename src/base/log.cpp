#include <migrate/base/log.hpp>

#include <atomic>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace migrate::log {
namespace {

std::atomic<Level> current_level{Level::off};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::off: return spdlog::level::off;
    case Level::warn: return spdlog::level::warn;
    case Level::debug: return spdlog::level::debug;
    case Level::trace: return spdlog::level::trace;
  }
  return spdlog::level::off;
}

spdlog::logger& logger() {
  // Not spdlog's default logger: that one writes to stdout, which is for answers, and belongs to whoever embeds us.
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("migrate", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%H:%M:%S.%e %l: %v");
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_level(Level level) { current_level.store(level, std::memory_order_relaxed); }

bool enabled(Level level) { return level != Level::off && level <= current_level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view message) {
  if (enabled(level)) logger().log(to_spdlog(level), "{}", message);
}

}  // namespace migrate::log
