// One simple query and all that comes back of it.
#pragma once

#include <migrate/db/session.hpp>

#include "db/session_state.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace migrate::db {

struct Exchange {
  Executed executed;              // of the last command that ended well
  std::vector<std::string> tags;  // of all that did, in order
  std::optional<ServerError> error;
  std::vector<unsigned> column_types;  // of kept rows
};

struct Question {
  std::string_view sql;
  std::optional<std::string_view> copy_data{};
  bool keep_rows = false;  // else they are dropped as they come, whatever their number
  bool clean_up = false;   // not to be interrupted: it mends what an interrupt, or a failure, left
};

Exchange exchange(SessionState& state, const Question& question, const Session::Tick& tick = {});

// An error for a call that was not even begun, or that was cancelled.
ServerError interrupted_error();

}  // namespace migrate::db
