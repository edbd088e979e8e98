// The values that many verbs show, and the envelope that carries an answer in JSON.
#pragma once

#include <optional>
#include <span>
#include <string>

#include <migrate/db/lock.hpp>
#include <migrate/ops/observer.hpp>
#include <migrate/ui/output.hpp>

#include "ui/json.hpp"

namespace migrate::ui {

Json to_json(const ops::RevisionSummary& revision);
Json to_json(const db::DatabaseInfo& database);
Json to_json(const ops::StepSummary& step);
// null: nobody holds the lock.
Json to_json(const std::optional<db::LockHolder>& holder);
Json ids_to_json(std::span<const ops::RevisionSummary> revisions);

// Writes the members of `body` in the envelope to stdout, with everything reported so far as diagnostics.
ExitCode answer(Output& output, Json body, ExitCode exit_code);

// "app_dev at localhost:5432 (PostgreSQL 15.20)"
std::string describe(const db::DatabaseInfo& database);
// "53fffde3a1b2", "a and b", "base"
std::string describe_place(std::span<const ops::RevisionSummary> heads);
// "+" or "-"
std::string_view sign(db::Direction direction);

}  // namespace migrate::ui
