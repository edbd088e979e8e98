/// \file
/// `migrate import FORMAT DIR`: histories of other tools as revision files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct ImportOutcome {
  std::vector<RevisionSummary> revisions;  ///< in order
  std::size_t irreversible = 0;            ///< of which so many have no downgrade
  std::string baseline;                    ///< the settings file that now has `[lint] start_after`
};

/// The names of the formats that can be imported.
std::vector<std::string> import_formats();

/// Writes one revision file for each migration into the migrations folder, all or none. What was changed on the way is
/// told as warnings. The settings file gets `[lint] start_after`, so that the rules judge only what comes later.
/// Errors: `unknown-import-format`, `nothing-to-import`, `history-not-empty`, those of the format.
Result<ImportOutcome> import(const Context& context, const std::string& format, const std::filesystem::path& folder);

}  // namespace migrate::ops
