// What statements that are still to run do to the relations that others use now.
#pragma once

#include <string>
#include <vector>

#include <migrate/catalog/schema.hpp>
#include <migrate/db/executor.hpp>
#include <migrate/ops/plan.hpp>
#include <migrate/rules/effects.hpp>

namespace migrate::ops {

// Revisions, in the order in which they would run. Requires: `schema` knows what they mention.
class Foretelling {
 public:
  Foretelling(catalog::Schema schema, int server_version) : schema_(std::move(schema)), version_(server_version) {}

  // Of each statement of the run the locks, the strongest first.
  std::vector<std::vector<PlannedLock>> go_through(const db::RevisionRun& run);
  // The same, relation by relation.
  std::vector<rules::StatementEffects> effects_through(const db::RevisionRun& run);

 private:
  void follow(const db::RevisionRun& run, const sql::Model& statement);
  [[nodiscard]] std::vector<PlannedLock> locks_of(const sql::Model& statement) const;

  catalog::Schema schema_;
  int version_;
};

// All names in the statements of a run, for the server.
void mention(catalog::Mentioned& names, const db::RevisionRun& run);

}  // namespace migrate::ops
