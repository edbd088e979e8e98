/// \file
/// `migrate revision`, `migrate merge`: new revision files. No database.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct RevisionOptions {
  std::string message;
  std::vector<std::string> heads;  ///< --head: the parents; empty: head
  bool splice = false;             ///< --splice: a parent need not be a head
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;  ///< ids, prefixes (written in full) or labels (kept)
  std::string revision_id;              ///< --rev-id; empty: made
  bool transaction_none = false;
  std::filesystem::path folder;  ///< --version-path, where there are several migrations folders
  bool print_only = false;       ///< --sql: give the text, write nothing
};

struct MadeRevision {
  RevisionSummary revision;
  std::vector<RevisionSummary> parents;
  std::string text;
  bool written = false;
};

/// Errors: `missing-message`, `invalid-revision-id`, `duplicate-id`, `duplicate-label`, `not-a-head` (says --splice),
/// those of revision::resolve, `several-folders` (says --version-path), `file-exists`, `unwritable-file`.
Result<MadeRevision> make_revision(const Context& context, const RevisionOptions& options);

/// A revision without statements whose parents are the given ones: two at least.
/// Errors: those of make_revision, `nothing-to-merge`.
Result<MadeRevision> merge(const Context& context, const std::vector<std::string>& revisions, RevisionOptions options);

}  // namespace migrate::ops
