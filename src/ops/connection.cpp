#include <migrate/ops/connection.hpp>

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <migrate/cluster/cluster.hpp>
#include <migrate/db/journal_place.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/version.hpp>

#include "ops/embedded.hpp"
#include "ops/guards.hpp"

#include <unistd.h>

namespace migrate::ops {
namespace {

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? std::string(name) : std::string();
}

/// The embedded PostgreSQL's database is made when it is first missed.
Result<db::Session> open_session(const Context& context, const db::ConnectOptions& options) {
  auto session = db::Session::connect(options);
  const bool missing = !session && session.error().diagnostics.front().id == "no-such-database";
  if (!missing || !context.settings.database.value.embedded) return session;
  MIGRATE_TRY_ASSIGN(const auto cluster, embedded_cluster(context));
  MIGRATE_TRY(ensure_embedded_database(cluster, context.settings.database.value.embedded_name));
  return db::Session::connect(options);
}

}  // namespace

Result<Connection> connect(const Context& context, Purpose purpose) {
  const auto& settings = context.settings;
  std::string conninfo = settings.database.value.conninfo;
  if (settings.database.value.embedded) {
    MIGRATE_TRY_ASSIGN(conninfo, start_embedded(context));
  } else if (purpose == Purpose::change && settings.goes_direct()) {
    conninfo = settings.direct_url.value;
  }

  db::ConnectOptions options;
  options.conninfo = conninfo;
  options.role = settings.role.value;
  options.wait = settings.wait.value;
  options.interrupt = context.interrupt;
  options.mask = [&secrets = settings.secrets](std::string_view text) { return secrets.apply(text); };
  MIGRATE_TRY_ASSIGN(db::Session session, open_session(context, options));
  session.on_notice([&observer = context.observer](const db::Notice& notice) { observer.notice(notice); });
  context.observer.connected(session.info());

  std::string schema = settings.version_table_schema.value;
  if (schema.empty()) {
    auto found = db::find_journal_schema(session);
    if (!found) {
      return fail(db::to_diagnostic(found.error()).note("state", "nothing was changed"), ExitCode::unreachable);
    }
    schema = *std::move(found);
  }
  db::JournalAuthor author{.project = settings.project.value,
                           .user = session.info().user,
                           .host = host_name(),
                           .tool_version = std::string(version)};
  return Connection{std::move(session), db::Journal(std::move(schema), std::move(author))};
}

Result<db::JournalContent> read_journal(const Context& context, Connection& connection, Ownership ownership) {
  MIGRATE_TRY_ASSIGN(db::JournalContent content, connection.journal.read(connection.session));
  if (ownership == Ownership::checked) {
    MIGRATE_TRY(guard_project(context, connection.session.info().database, content));
  }
  return content;
}

Result<db::JournalContent> wait_for_journal(const Context& context, Connection& connection, Ownership ownership) {
  const auto begun = std::chrono::steady_clock::now();
  bool told = false;
  for (;;) {
    auto content = read_journal(context, connection, ownership);
    if (content || content.error().diagnostics.front().id != "journal-locked") return content;
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    if (waited >= context.settings.migration_lock_timeout.value) return content;
    MIGRATE_TRY_ASSIGN(const auto holder, db::MigrationLock::holder(connection.session, connection.journal.schema()));
    if (holder) {
      context.observer.waiting_for_lock(holder, waited);
    } else if (!std::exchange(told, true)) {
      context.observer.progress("waiting: " + content.error().diagnostics.front().message);
    }
  }
}

}  // namespace migrate::ops
