#include <migrate/ops/migration.hpp>

#include "ops/decide.hpp"
#include "ops/runner.hpp"

namespace migrate::ops {

MigrationOutcome upgrade(const Context& context, const std::string& target_text, const RunOptions& options) {
  const auto target = revision::parse_target(target_text);
  if (!target) return refused(target.error());
  const Decide decide = [&target](Connection&, const Standing& standing) { return decide_upgrade(standing, *target); };
  return run_migration(context, decide, options);
}

}  // namespace migrate::ops
