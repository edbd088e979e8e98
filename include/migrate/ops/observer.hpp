/// \file
/// What happens while a verb works, for whoever shows it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/diagnostic.hpp>
#include <migrate/db/executor.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/db/progress.hpp>
#include <migrate/db/session.hpp>
#include <migrate/revision/revision_id.hpp>

namespace migrate::ops {

/// A revision as verbs speak of it.
struct RevisionSummary {
  revision::RevisionId id;
  std::string message;
  std::string path;  ///< empty where the file is gone
  bool operator==(const RevisionSummary&) const = default;
};

/// One revision of a plan, in one direction.
struct StepSummary {
  RevisionSummary revision;
  db::Direction direction = db::Direction::up;
  bool transactional = true;
  std::size_t statements = 0;
};

struct RunSummary {
  std::vector<RevisionSummary> from;  ///< current heads before; empty: base
  std::vector<RevisionSummary> to;    ///< after
  std::vector<StepSummary> steps;
  bool dry_run = false;
};

/// Every call has an empty default: an observer overrides what it shows. Calls come from one thread.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void warning(const Diagnostic&) {}
  /// Something done that is worth a line: "started the embedded PostgreSQL".
  virtual void progress(const std::string&) {}
  virtual void connected(const db::DatabaseInfo&) {}
  virtual void waiting_for_lock(const std::optional<db::LockHolder>&, std::chrono::milliseconds) {}
  virtual void run_started(const db::DatabaseInfo&, const RunSummary&) {}
  virtual void step_started(const StepSummary&, std::size_t /*index*/) {}
  /// `text` is the statement as it stands in the file, `facts` what it is.
  virtual void statement_started(const StepSummary&, std::size_t /*index*/, const sql::StatementFacts&,
                                 std::string_view /*text*/) {}
  virtual void statement_running(const StepSummary&, std::size_t /*index*/, std::chrono::milliseconds) {}
  /// About once a second, of a statement that takes longer, where more than the time is known.
  virtual void statement_progress(const StepSummary&, std::size_t /*index*/, const db::Progress&) {}
  virtual void statement_done(const StepSummary&, std::size_t /*index*/, const db::Executed&) {}
  /// What the catalog told of a statement whose end an earlier run did not see.
  virtual void statement_settled(const StepSummary&, std::size_t /*index*/, const std::string& /*words*/) {}
  /// No lock was to be had in time; another try follows.
  virtual void lock_failed(const StepSummary&, const db::LockFailure&) {}
  virtual void step_done(const StepSummary&, const db::RunReport&) {}
  virtual void step_failed(const StepSummary&, const db::RunFailure&) {}
  virtual void notice(const db::Notice&) {}
};

}  // namespace migrate::ops
