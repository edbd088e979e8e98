/// \file
/// Changes of migrate.toml that a command makes for its user.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>

namespace migrate::config {

/// The text of the settings file with the revisions added to `[lint] start_after`; comments and all else stay as they
/// are. Errors: `settings-not-edited`, with what to write by hand.
Result<std::string> with_start_after(const SourcePtr& settings, const std::vector<std::string>& revisions);

}  // namespace migrate::config
