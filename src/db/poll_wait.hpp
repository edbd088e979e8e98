// Waiting for a socket and for Ctrl-C at once.
#pragma once

#include <migrate/base/interrupt.hpp>

#include <chrono>

namespace migrate::db {

enum class Wake { ready, interrupted, timed_out };

// `events` as poll() takes them; a socket below 0 is never ready, an interrupt of null never raised.
Wake wait_for(int socket, short events, const Interrupt* interrupt, std::chrono::milliseconds timeout);

}  // namespace migrate::db
