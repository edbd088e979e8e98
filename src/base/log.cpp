#include <migrate/base/log.hpp>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <spdlog/sinks/base_sink.h>
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

class Sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void set_writer(Writer writer) {
    const std::lock_guard guard(mutex_);
    writer_ = std::move(writer);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    if (writer_) return writer_({text.data(), text.size()});
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
  }
  void flush_() override {}

  Writer writer_;
};

const std::shared_ptr<Sink>& sink() {
  static const auto instance = std::make_shared<Sink>();
  return instance;
}

spdlog::logger& logger() {
  // Not spdlog's default logger: that one writes to stdout, which is for answers, and belongs to whoever embeds us.
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("migrate", sink());
    made->set_pattern("%H:%M:%S.%e %l: %v");
    made->set_level(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_level(Level level) { current_level.store(level, std::memory_order_relaxed); }

bool enabled(Level level) { return level != Level::off && level <= current_level.load(std::memory_order_relaxed); }

void set_writer(Writer writer) { sink()->set_writer(std::move(writer)); }

void write(Level level, std::string_view message) {
  if (enabled(level)) logger().log(to_spdlog(level), "{}", message);
}

}  // namespace migrate::log
