/// \file
/// The histories that are killed. Their objects are in schema `app`; what can be counted writes into `witness.applied`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace migrate::kill {

struct Revision {
  std::string id;
  std::string upgrade, downgrade;
  bool transaction_none = false;  ///< says so in its header
};

struct History {
  std::string name;
  std::vector<Revision> revisions;
};

/// Every revision in one transaction.
const History& transactional_history();
/// CONCURRENTLY in all its kinds, VACUUM, values of enum types, `Transaction: none`.
const History& outside_history();
/// Both in turns.
const History& mixed_history();
/// Changes of rows in batches, each row of which is counted; assertions.
const History& batched_history();
/// A procedure that commits in the middle: no catalog tells how far it came.
const History& committing_history();

/// The revision files, one after another, into `folder`.
void write_history(const History& history, const std::filesystem::path& folder);

}  // namespace migrate::kill
