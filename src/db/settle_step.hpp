// What became of a statement that runs outside a transaction and whose end the journal does not know.
#pragma once

#include <migrate/db/executor.hpp>

#include <string>
#include <vector>

namespace migrate::db {

struct StepFinding {
  enum class Verdict {
    run,      // it is not done: run it
    done,     // it is, once `mending` has been run
    unclear,  // the catalog does not tell
  };
  Verdict verdict = Verdict::run;
  std::vector<std::string> mending;  // what clears the way, each by itself
  std::string words;                 // for people; empty: there is nothing to tell
};

// For the statement where a run goes on that was left behind.
Result<StepFinding, ServerError> look_for_step(Session& session, const RunStatement& statement, std::string_view text,
                                               LastWord last_word);

// For statements of which nobody knows that they were begun: IF NOT EXISTS would keep an invalid index without a word,
// and one of a run before is in the way. It is built again.
Result<StepFinding, ServerError> look_for_invalid_index(Session& session, const RunStatement& statement);

// CALL and DO may commit, which they can only where there is no block around them.
bool may_commit_inside(const RunStatement& statement, std::string_view text);

}  // namespace migrate::db
