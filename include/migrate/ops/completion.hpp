/// \file
/// The words of a project that a command line can hold.
#pragma once

#include <string>
#include <vector>

#include <migrate/config/settings.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct Vocabulary {
  std::vector<RevisionSummary> revisions;  ///< newest first
  std::vector<std::string> labels;
  std::vector<std::string> settings;  ///< names that `migrate config` knows
};

/// Never fails: what cannot be read gives no words. Asks no database.
Vocabulary read_vocabulary(const config::Settings& settings);

struct RuleWord {
  std::string id, summary;
};

/// All rules, by id. Needs no project.
std::vector<RuleWord> rule_words();

}  // namespace migrate::ops
