// A script for psql, written piece by piece: the lock, what is asked before anything runs, the steps with their
// journal.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/executor.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/history.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

// What has to be so where a script runs.
struct Conditions {
  std::vector<revision::RevisionId> present;  // applied
  std::vector<revision::RevisionId> absent;   // not applied, not in parts either
  bool undoes_present = false;
  bool forgets_all = false;  // whatever is half done: only told
};

class PsqlScript {
 public:
  PsqlScript(const Context& context, db::Journal journal) : context_(context), journal_(std::move(journal)) {}

  // Stops what runs the script before anything is written, unless all conditions hold.
  void begin(const std::string& title, const Conditions& conditions);

  // All steps between these are one transaction. Requires of them: they can run in one.
  void begin_one_transaction();
  void end_one_transaction();

  // A revision with its journal rows.
  Result<void> step(const Standing& standing, const PreparedStep& step);
  void add(const std::string& sql);
  std::string end();

  [[nodiscard]] const db::Journal& journal() const { return journal_; }

 private:
  void make_journal();
  void guard(const Conditions& conditions);
  void add_statement(const db::RevisionRun& run, std::size_t index);
  void add_in_transaction(const db::RevisionRun& run);
  void add_statement_by_statement(const db::RevisionRun& run);
  void add_to_journal(const db::RevisionRun& run, const std::string& sql);

  const Context& context_;
  db::Journal journal_;
  std::string text_;
  bool one_transaction_ = false;
};

}  // namespace migrate::ops
