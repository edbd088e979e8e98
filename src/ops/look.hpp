// How the verbs that only look come to a database.
#pragma once

#include <optional>
#include <string>

#include <migrate/base/result.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/history.hpp>

namespace migrate::ops {

// A database that was asked, and how it stands to the files.
struct Look {
  Connection connection;
  Standing standing;
};

// Connects, reads the journal, lays the history over it. Takes no lock.
Result<Look> look(const Context& context, const History& history);

bool is_configured(const config::Settings& settings);

struct Glance {
  std::optional<Look> look;
  std::string why_not;  // one line; empty where no database is configured
};

// For answers that need no database but are better with one: asks only where one is configured, waits for nothing, and
// starts nothing.
Glance glance(const Context& context, const History& history);

}  // namespace migrate::ops
