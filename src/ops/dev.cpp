#include <migrate/ops/dev.hpp>

#include <migrate/ops/connection.hpp>

#include "ops/embedded.hpp"

namespace migrate::ops {
namespace {

/// The project's cluster also where DATABASE_URL names another database: `dev` is about the embedded one.
Result<cluster::Cluster> own_cluster(const Context& context) {
  if (context.settings.production()) {
    return fail(
        error("embedded-in-production", "the embedded PostgreSQL is for local work, and MIGRATE_ENV is production")
            .help("unset MIGRATE_ENV, or name a real database in DATABASE_URL"));
  }
  return embedded_cluster(context);
}

std::string database_name(const config::Settings& settings) {
  const std::string& name = settings.database.value.embedded_name;
  return name.empty() ? "app" : name;
}

DevOutcome outcome_of(const Context& context, const cluster::Cluster& cluster, std::string said) {
  return {.status = cluster.status(), .url = cluster.url(database_name(context.settings)), .said = std::move(said)};
}

}  // namespace

Result<DevOutcome> dev_start(const Context& context) {
  MIGRATE_TRY_ASSIGN(auto cluster, own_cluster(context));
  const bool was_running = cluster.status().running;
  MIGRATE_TRY(cluster.start());
  MIGRATE_TRY(ensure_embedded_database(cluster, database_name(context.settings)));
  return outcome_of(context, cluster, was_running ? "was running" : "started");
}

Result<DevOutcome> dev_stop(const Context& context) {
  MIGRATE_TRY_ASSIGN(auto cluster, own_cluster(context));
  const bool was_running = cluster.status().running;
  if (was_running) MIGRATE_TRY(cluster.stop());
  return outcome_of(context, cluster, was_running ? "stopped" : "was not running");
}

Result<DevOutcome> dev_status(const Context& context) {
  MIGRATE_TRY_ASSIGN(const auto cluster, own_cluster(context));
  return outcome_of(context, cluster, "");
}

Result<DevOutcome> dev_reset(const Context& context) {
  MIGRATE_TRY_ASSIGN(auto cluster, own_cluster(context));
  const bool was_there = cluster.status().initialised;
  MIGRATE_TRY(cluster.reset());
  return outcome_of(context, cluster, was_there ? "removed" : "was not there");
}

Result<std::vector<std::string>> dev_psql(const Context& context, const std::vector<std::string>& arguments) {
  MIGRATE_TRY_ASSIGN(const auto started, dev_start(context));
  std::vector<std::string> words{"psql", started.url};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

}  // namespace migrate::ops
