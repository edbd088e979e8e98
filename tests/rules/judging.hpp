// Examples of rule pages as revisions, judged and run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <migrate/db/session.hpp>
#include <migrate/rules/judge.hpp>

#include "rules/page.hpp"

namespace migrate::test {

// A revision file around an example's SQL, read.
struct Read {
  SourcePtr source;
  std::unique_ptr<const revision::RevisionFile> file;  // stays where it is: `judged` points to it
  rules::JudgedRevision judged;
};

Read read_example(const std::string& id, const std::string& parent, const Block& block, const std::string& sql);

// The findings of `rule` in `sql`, which stands where the block of the example stood.
struct Question {
  const rules::Rule& rule;
  const Example& example;
  const std::string& sql;
};
std::vector<std::string> findings_in_files(const Question& question);
// After the setup and the rows are in the session's database. Requires: a database of its own.
std::vector<std::string> findings_with(db::Session& session, const Question& question);

// The edits of all fixes applied to the example's SQL.
std::string fixed_sql(const Question& question);

// What `migrate revision --from-finding` would write for the example's finding.
std::vector<rules::RevisionDraft> rewrite_of(const Question& question);

// Runs the statements one by one; the first error's text, or an empty one.
std::string run_statements(db::Session& session, const Block& block, const std::string& sql);

}  // namespace migrate::test
