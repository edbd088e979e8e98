/// \file
/// `migrate mark`: a person says what became of a revision that was left behind half-done.
#pragma once

#include <optional>
#include <string>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

enum class MarkAs {
  applied,  ///< all of it is there
  pending,  ///< nothing of it is there
  done,     ///< so many of its statements have run: the next run goes on after them
};

struct Mark {
  MarkAs as = MarkAs::applied;
  int statements = 0;  ///< of MarkAs::done
};

struct MarkOutcome {
  db::DatabaseInfo database;
  RevisionSummary revision;
  db::RevisionState was = db::RevisionState::applying;
  int steps_total = 0;
  Mark mark;
  bool file_changed = false;  ///< since the revision was begun; of MarkAs::applied, which takes it as it is now
};

/// Changes the journal alone, nothing is run. Errors: `not-unfinished`, `too-many-statements`, those of
/// revision::resolve.
Result<MarkOutcome> mark(const Context& context, const std::string& revision, const Mark& mark);

}  // namespace migrate::ops
