// One try to connect that can be interrupted, and why it failed.
#pragma once

#include <migrate/base/result.hpp>

#include "db/conninfo.hpp"
#include "db/pq_handles.hpp"
#include "db/server_error_fields.hpp"

#include <chrono>
#include <string>

namespace migrate::db {

enum class Refusal {
  nothing_listens,  // connection refused, no such socket
  unknown_host,
  no_answer,  // in the time there was
  starting,   // or shutting down, or full: later it may be well
  link_lost,  // while it was being made
  authentication,
  missing_password,
  no_database,
  wrong_setting,  // libpq does not know the value of one
  other,
  interrupted,
};

struct AttemptError {
  Refusal refusal = Refusal::other;
  std::string sqlstate;
  std::string text;  // libpq's words, whole
  ConnectTarget target;
};

// May the next try be luckier, without anyone changing a setting?
bool is_passing(Refusal refusal);

// `limit`: how long it may take at most, beside connect_timeout.
Result<PqConnection, AttemptError> attempt_connection(const ConnectParameters& parameters, const Interrupt* interrupt,
                                                      std::chrono::milliseconds limit);

Refusal classify(const ErrorText& text);

}  // namespace migrate::db
