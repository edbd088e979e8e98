#include <migrate/ops/context.hpp>

#include <random>

namespace migrate::ops {

Context make_context(const config::Settings& settings, Observer& observer, const Interrupt* interrupt) {
  return Context{
      .settings = settings,
      .observer = observer,
      .interrupt = interrupt,
      .now = [] { return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()); },
      .random =
          [] {
            std::random_device device;
            return (static_cast<unsigned long long>(device()) << 32) | device();
          },
  };
}

}  // namespace migrate::ops
