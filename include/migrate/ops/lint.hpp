/// \file
/// `migrate lint`: the rules over revision files, with or without a database.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::rules {
struct Rule;
}

namespace migrate::ops {

/// What to do about findings that can be mended by themselves.
enum class Fixing { none, show, write };

struct LintOptions {
  /// Revisions, ranges `A:B`, paths of files or folders. Empty: all after the baseline; with a database: all pending.
  std::vector<std::string> targets;
  bool ask_database = false;  ///< judge what is pending there, with what its tables hold
  std::string since;          ///< a git revision: only what was added or changed since
  Fixing fixing = Fixing::none;
  bool force = false;  ///< fix also applied revisions
};

struct LintFinding {
  Diagnostic diagnostic;
  const rules::Rule* rule = nullptr;  ///< none: of the file or of the history itself
  RevisionSummary revision;
  bool fixable = false;
  bool rewritable = false;  ///< `migrate revision --from-finding` writes its safe form
};

/// A file before and after its fixes.
struct FixedFile {
  std::string path;
  std::string before, after;
  std::size_t fixes = 0;
};

struct LintOutcome {
  std::vector<LintFinding> findings;  ///< those that are left; in the order of the history, then of the text
  std::size_t errors = 0, warnings = 0, notes = 0;
  std::size_t suppressed = 0;  ///< by `-- migrate:allow`
  std::size_t revisions = 0;   ///< judged ones
  std::size_t fixable = 0;
  std::optional<db::DatabaseInfo> database;  ///< none: files only
  std::vector<FixedFile> fixed;
  bool written = false;
  std::chrono::milliseconds duration{0};
};

/// Findings of the rules, files that cannot be cut into statements, and with `since` revisions that were there and were
/// changed (`edited-revision`) or are gone (`deleted-revision`).
/// Errors: those of History::load; `invalid-settings`; `no-such-file` and those of revision::resolve;
/// `not-a-repository`, `unknown-git-revision`, `git-failed`; of connect and read_journal where the database is asked.
Result<LintOutcome> lint(const Context& context, const LintOptions& options);

}  // namespace migrate::ops
