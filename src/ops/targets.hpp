// Targets where it matters whether a database is asked: `current` and what counts from it mean nothing without one.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/revision/target.hpp>

namespace migrate::ops {

// True for `current` and for what counts from it: only a database can say what they mean.
bool needs_database(const revision::Target& target);
// In a range a number alone counts from the other end.
bool needs_database(const revision::TargetRange& range);

// What such a target names in files alone. `help`: what to write instead. Errors: `needs-database`, those of
// revision::resolve and resolve_range.
Result<void> refuse_without_database(const revision::Target& target, const std::string& help);
Result<std::vector<revision::NodeIndex>> resolve_in_files(const revision::Graph& graph, const revision::Target& target,
                                                          const std::string& help);
Result<std::vector<revision::NodeIndex>> resolve_in_files(const revision::Graph& graph,
                                                          const revision::TargetRange& range, const std::string& help);

}  // namespace migrate::ops
