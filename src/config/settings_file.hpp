/// \file
/// migrate.toml.
#pragma once

#include <migrate/config/settings.hpp>

namespace migrate::config {

/// Sets what the file sets; paths stay as they are written.
/// Errors: `invalid-settings` and `secret-in-settings`, all at once; what they show of the file holds no secret.
Result<void> read_settings_file(const SourcePtr& source, Settings& settings);

}  // namespace migrate::config
