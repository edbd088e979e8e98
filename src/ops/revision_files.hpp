// Where the revision files are.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>

namespace migrate::ops {

// The .sql files of all migrations folders, as a person in the working directory would type them; nothing is read.
// Errors: `no-migrations-folder`.
Result<std::vector<std::string>> list_revision_files(const config::Settings& settings);

// A warning for each file that would be one but for the case of its ending. Errors: `no-migrations-folder`.
Result<Diagnostics> overlooked_files(const config::Settings& settings);

}  // namespace migrate::ops
