/// \file
/// A revision file: header, upgrade section, downgrade section. See docs/reference/revision-format.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/base/time.hpp>
#include <migrate/revision/revision_id.hpp>

namespace migrate::revision {

/// An id or word of the header and where it stands.
template <class T>
struct Located {
  T value;
  ByteRange range;
  bool operator==(const Located&) const = default;
};

/// `-- migrate:allow RULE (reason)` in the header: for the whole revision.
struct Allowance {
  std::string rule;
  std::string reason;
  ByteRange range;
  bool operator==(const Allowance&) const = default;
};

struct Header {
  std::string message;
  Located<RevisionId> id;
  std::vector<Located<RevisionId>> parents;      ///< Revises
  std::vector<Located<std::string>> depends_on;  ///< ids or labels, as written
  std::vector<Located<std::string>> labels;
  std::optional<Timestamp> create_date;
  bool transaction_none = false;  ///< Transaction: none
  std::vector<Allowance> allowances;
  std::string prose;  ///< the other comment lines, without "-- "
  bool operator==(const Header&) const = default;
};

/// Options after a section marker. Unset ones come from the settings.
struct SectionOptions {
  bool transaction_none = false;
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
  std::optional<std::chrono::milliseconds> retry_for;  ///< tries that get no lock, in all
  bool operator==(const SectionOptions&) const = default;
};

struct Section {
  ByteRange marker;  ///< the marker line
  ByteRange body;    ///< from the line after the marker to the next marker or the end
  SectionOptions options;
  bool operator==(const Section&) const = default;
};

/// `-- migrate:downgrade irreversible` and its reason: the rest of that line, or the comment lines below.
struct Irreversible {
  std::string reason;
  bool operator==(const Irreversible&) const = default;
};

/// A parsed file. It holds places, not the text: histories are large, and only pending revisions are read again.
struct RevisionFile {
  std::string path;
  Header header;
  Section upgrade;
  std::optional<Section> downgrade;  ///< absent where irreversible
  std::optional<Irreversible> irreversible;
  Diagnostics unwritten;     ///< `empty-upgrade`, `empty-downgrade`: the file is new, and cannot run yet
  ByteRange downgrade_text;  ///< the whole downgrade section with its marker line, as the journal keeps it
  std::string raw_checksum;  ///< see raw_checksum()
  bool operator==(const RevisionFile&) const = default;
};

/// All that is wrong with the file is reported at once, in the order of the text.
/// Errors: `not-utf8`, `missing-header`, `missing-message`, `missing-revision-id`, `missing-revises`,
/// `unknown-header-key`, `duplicate-header-key`, `misplaced-header-key`, `invalid-header-value`,
/// `duplicate-header-value`, `invalid-revision-id`, `invalid-label`, `invalid-create-date`, `unknown-section`,
/// `duplicate-section`, `text-before-section`, `misplaced-directive`, `invalid-directive`, `missing-upgrade`,
/// `missing-downgrade`, `irreversible-with-statements`, `missing-reason`, `invalid-option`, `unterminated-literal`,
/// `unterminated-comment`.
Result<RevisionFile> parse_revision(const SourcePtr& source);

/// The id in a file's header, even where the file is broken otherwise. Empty: none that is valid.
RevisionId read_revision_id(const SourcePtr& source);

/// SHA-256 of a file's text, in hex, with CRLF as LF. `text` is a Source's: without a byte-order mark.
std::string raw_checksum(std::string_view text);

/// What a new file is made of.
struct NewRevision {
  std::string message;
  RevisionId id;
  std::vector<RevisionId> parents;
  std::vector<std::string> depends_on;
  std::vector<std::string> labels;
  std::optional<Timestamp> create_date;
  bool transaction_none = false;
  std::string prose;
  std::string upgrade_sql;  ///< empty: a place to write it
  std::string downgrade_sql;
  std::optional<Irreversible> irreversible;
};

/// The file's text. What it renders parses again to the same values. Line ends in the message become blanks.
/// Requires: no line of the texts is itself a section marker, and no line of the prose a header key.
std::string render_revision(const NewRevision& revision);

}  // namespace migrate::revision
