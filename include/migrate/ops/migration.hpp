/// \file
/// `migrate upgrade`, `downgrade`, `redo`: the verbs that change a database.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct RunOptions {
  bool dry_run = false;  ///< run everything, then roll back
  bool single_transaction = false;
  bool allow_drift = false;
  bool lint = true;     ///< false: --no-lint, for emergencies
  std::string backup;   ///< off, auto or always; empty: as the settings say
  std::string confirm;  ///< --confirm=NAME for protected targets
  /// Asks for the database's name on a terminal; empty where there is none.
  std::function<std::optional<std::string>(const std::string& question)> ask;
};

enum class StepStatus { done, failed, skipped };

struct StepOutcome {
  StepSummary step;
  StepStatus status = StepStatus::skipped;
  std::chrono::milliseconds duration{0};
  std::optional<std::size_t> failed_statement;  ///< from 0
};

/// How the database stands in relation to the start.
enum class DatabaseState { unchanged, advanced, partial };

/// What was done, whole also where it failed: `failure` then says why and carries the exit code.
struct MigrationOutcome {
  std::optional<db::DatabaseInfo> database;
  std::vector<RevisionSummary> from, to;  ///< current heads before and now
  std::vector<StepOutcome> steps;
  DatabaseState state = DatabaseState::unchanged;
  bool dry_run = false;
  bool at_head = false;
  std::chrono::milliseconds duration{0};
  std::optional<Failure> failure;
};

MigrationOutcome upgrade(const Context& context, const std::string& target, const RunOptions& options);
MigrationOutcome downgrade(const Context& context, const std::string& target, const RunOptions& options);
/// Downgrades and upgrades again: the last revision, or back to the target.
MigrationOutcome redo(const Context& context, const std::string& target, const RunOptions& options);

}  // namespace migrate::ops
