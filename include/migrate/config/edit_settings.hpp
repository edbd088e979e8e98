/// \file
/// What a command writes into migrate.toml for its user.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>

namespace migrate::config {

/// A text as TOML has it, with its quotes.
std::string toml_text(std::string_view text);

/// Could the settings file be read? Errors: what is wrong in it.
Result<void> check_settings_text(const SourcePtr& settings);

/// The text of the settings file with the revisions added to `[lint] start_after`; comments and all else stay as they
/// are. Errors: `settings-not-edited`, with what to write by hand.
Result<std::string> with_start_after(const SourcePtr& settings, const std::vector<std::string>& revisions);

}  // namespace migrate::config
