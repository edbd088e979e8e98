/// \file
/// Settings whose words the room of settings does not know: templates, rules, levels, kinds of names.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>

namespace migrate::ops {

/// Errors: `invalid-file-template`, `invalid-settings`; all at once.
Result<void> check_settings(const config::Settings& settings);

}  // namespace migrate::ops
