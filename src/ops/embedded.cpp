#include "ops/embedded.hpp"

#include <migrate/base/text.hpp>
#include <migrate/db/session.hpp>

namespace migrate::ops {

Result<cluster::Cluster> embedded_cluster(const Context& context) {
  cluster::ClusterOptions options;
  options.directory = context.settings.project_dir / ".migrate";
  MIGRATE_TRY_ASSIGN(auto binaries, cluster::find_server_binaries(context.settings.pg_bin.value, options.directory));
  options.binaries = std::move(binaries);
  options.server_user = context.settings.pg_user.value;
  return cluster::Cluster(std::move(options));
}

Result<std::string> start_embedded(const Context& context) {
  MIGRATE_TRY_ASSIGN(cluster::Cluster cluster, embedded_cluster(context));
  const bool was_running = cluster.status().running;
  MIGRATE_TRY(cluster.start());
  if (!was_running) context.observer.progress("started the embedded PostgreSQL");
  return cluster.conninfo(context.settings.database.value.embedded_name);
}

Result<void> ensure_embedded_database(const cluster::Cluster& cluster, const std::string& name) {
  db::ConnectOptions options;
  options.conninfo = cluster.conninfo("postgres");
  MIGRATE_TRY_ASSIGN(db::Session session, db::Session::connect(options));
  const auto created = session.execute("CREATE DATABASE " + quote_identifier(name));
  constexpr std::string_view duplicate_database = "42P04";
  if (created || created.error().sqlstate == duplicate_database) return {};
  return fail(db::to_diagnostic(created.error()), ExitCode::unreachable);
}

}  // namespace migrate::ops
