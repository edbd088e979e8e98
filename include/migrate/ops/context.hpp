/// \file
/// What every verb is given.
#pragma once

#include <chrono>
#include <functional>

#include <migrate/base/interrupt.hpp>
#include <migrate/base/time.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

/// Settings, a receiver of events, and the outside world's clock and dice. Must outlive the call.
struct Context {
  const config::Settings& settings;
  Observer& observer;
  const Interrupt* interrupt = nullptr;
  std::function<Timestamp()> now;              ///< the time in UTC
  std::function<unsigned long long()> random;  ///< for revision ids
  bool show_detail = false;                    ///< DETAIL of server errors may hold row values
};

/// A context with the system's clock and random device.
Context make_context(const config::Settings& settings, Observer& observer, const Interrupt* interrupt = nullptr);

}  // namespace migrate::ops
