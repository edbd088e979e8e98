// What was left half-done goes on after so many statements: is its text still the one in which they were counted? The
// journal keeps the downgrade that was begun; of an upgrade it knows no more than how many statements are done.
#pragma once

#include <optional>
#include <span>
#include <string>

#include <migrate/base/result.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/revision/revision_file.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::ops {

// A section and the text it stands in.
struct SectionText {
  SourcePtr source;
  revision::Section section;
};

// The section that Journal::read_downgrade() gave. Errors: those of revision::parse_revision, `irreversible-revision`.
Result<SectionText> stored_section(const revision::RevisionId& id, const std::string& stored);

struct BegunText {
  std::optional<Diagnostic> refusal;  // `changed-after-begun`: what is done are statements of another text
  bool changed_ahead = false;         // of a downgrade: only statements that are still to be run are other ones
};

// What is about to be run.
struct TextNow {
  const revision::RevisionFile* file;  // null: the text is the journal's
  const SectionText& text;
  std::span<const sql::Statement> statements;
};

// `row`: of a revision that is half-done; `stored`: its downgrade, empty: none is known. Statements are the same where
// their tokens are, as for sql::section_checksum.
BegunText compare_with_begun(const TextNow& now, const db::JournalRow& row, const std::string& stored);

}  // namespace migrate::ops
