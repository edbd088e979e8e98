#include "ops/rehearsal/copy.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/cluster/cluster.hpp>
#include <migrate/db/client_environment.hpp>
#include <migrate/db/other_database.hpp>

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

Failure no_copy(const std::string& why) {
  return {error("no-copy", "there is no place for a copy of the schema")
              .note(why)
              .note("state", "the database was not changed"),
          ExitCode::unreachable};
}

Failure refused(const db::ServerError& server_error, std::string what) {
  return {error("copy-failed", std::move(what))
              .note("postgres", server_error.message)
              .note("state", "the database was not changed")
              .help("or make the copy elsewhere: --copy=embedded, --copy=server"),
          server_error.interrupted ? ExitCode::interrupted : ExitCode::unreachable};
}

Result<void> run(db::Session& session, const std::string& sql, const char* what) {
  auto done = session.execute(sql);
  if (done) return {};
  return fail(refused(done.error(), what));
}

// Statements mean in the copy what they mean in the original.
std::string settings_sql(const std::string& database, const Surroundings& surroundings) {
  std::string sql;
  for (const auto& [name, value] : surroundings.settings) {
    // A list of names is written as the server shows it.
    const bool list = name == "search_path" && !value.empty();
    sql += fmt::format("ALTER DATABASE {} SET {} TO {};\n", quote_identifier(database), quote_identifier(name),
                       list ? value : quote_literal(value));
  }
  return sql;
}

class CopyMaker {
 public:
  CopyMaker(const Context& context, Connection& original, const Surroundings& surroundings, fs::path programs,
            const Original& content)
      : context_(context),
        original_(original),
        surroundings_(surroundings),
        programs_(std::move(programs)),
        content_(content),
        word_(fmt::format("{:08x}", static_cast<std::uint32_t>(context.random()))) {}

  // In a database beside the original, made by its user.
  Result<Copy> on_server() {
    const std::string name = fmt::format("migrate_rehearsal_{}_{}", slugify(surroundings_.database, 24), word_);
    MIGRATE_TRY_ASSIGN(db::Session maker, original_.session.another());
    MIGRATE_TRY_ASSIGN(db::ConnectOptions home, db::options_for_database(original_.session, surroundings_.database));
    home.interrupt = nullptr;
    auto will = std::make_unique<LastWill>([home, name] {
      auto session = db::Session::connect(home);
      return session &&
             session->execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_identifier(name)));
    });
    MIGRATE_TRY(run(maker,
                    fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
                                quote_identifier(name), quote_literal(surroundings_.encoding),
                                quote_literal(surroundings_.collate), quote_literal(surroundings_.ctype)),
                    "the copy's database could not be made"));
    MIGRATE_TRY(run(maker, settings_sql(name, surroundings_), "the copy's database could not be set up"));
    MIGRATE_TRY_ASSIGN(const auto options, db::options_for_database(original_.session, name));
    MIGRATE_TRY_ASSIGN(db::Session session, db::Session::connect(options));
    Client client{programs_, db::client_environment(session)};
    const std::string as_role =
        options.role.empty() ? "" : fmt::format("SET ROLE {};\n", quote_identifier(options.role));
    const std::string& schema = surroundings_.superuser ? content_.schema : content_.schema_without_owners;
    MIGRATE_TRY(load(context_, client, as_role + schema));
    if (!content_.journal.empty()) MIGRATE_TRY(load(context_, client, as_role + content_.journal));
    populate(context_, session, surroundings_.populated);
    return Copy{std::move(will), std::move(session), std::move(client), CopyPlace::server, name};
  }

  // In a server of its own, with all roles of the original's.
  Result<Copy> embedded(const cluster::ServerBinaries& binaries) {
    cluster::ClusterOptions options;
    options.directory = fs::temp_directory_path() / ("migrate-rehearsal-" + word_);
    options.binaries = binaries;
    options.server_user = context_.settings.pg_user.value;
    cluster::Cluster cluster(options);
    auto will = std::make_unique<LastWill>([cluster, directory = options.directory]() mutable {
      const bool gone = cluster.reset().has_value();
      std::error_code failed;
      fs::remove_all(directory, failed);
      return gone && !failed;
    });
    MIGRATE_TRY(cluster.start());
    MIGRATE_TRY_ASSIGN(db::Session owner, set_up(cluster));
    Client client{programs_, db::client_environment(owner)};
    MIGRATE_TRY(load(context_, client, content_.schema));
    if (!content_.journal.empty()) MIGRATE_TRY(load(context_, client, content_.journal));
    populate(context_, owner, surroundings_.populated);
    MIGRATE_TRY_ASSIGN(db::Session session, connect(cluster, surroundings_.database, original_.session.info().user));
    return Copy{std::move(will), std::move(session), std::move(client), CopyPlace::embedded, surroundings_.database};
  }

 private:
  Result<db::Session> connect(const cluster::Cluster& cluster, const std::string& database, const std::string& user) {
    db::ConnectOptions options;
    // Of two values of one keyword the last one counts.
    options.conninfo = cluster.conninfo(database) + (user.empty() ? "" : fmt::format(" user={}", conninfo_value(user)));
    options.interrupt = context_.interrupt;
    if (!user.empty()) options.role = context_.settings.role.value;
    return db::Session::connect(options);
  }

  static std::string conninfo_value(std::string_view value) {
    std::string quoted = "'";
    for (const char c : value) {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
    return quoted + "'";
  }

  // Roles, and the database, with the name that it has. Gives a session of the superuser in it.
  Result<db::Session> set_up(const cluster::Cluster& cluster) {
    MIGRATE_TRY_ASSIGN(db::Session maker, connect(cluster, "template1", {}));
    MIGRATE_TRY(check_extensions(maker));
    std::string sql;
    for (const auto& statement : surroundings_.role_statements) sql += statement + ";\n";
    if (!sql.empty()) MIGRATE_TRY(run(maker, sql, "the roles could not be made in the copy"));
    const std::string name = quote_identifier(surroundings_.database);
    if (surroundings_.database != "postgres") {
      MIGRATE_TRY(run(maker, fmt::format("CREATE DATABASE {} TEMPLATE template0", name),
                      "the copy's database could not be made"));
    }
    sql = fmt::format("ALTER DATABASE {} OWNER TO {};\n", name, quote_identifier(surroundings_.owner));
    if (surroundings_.may_make_schemas) {
      sql += fmt::format("GRANT CREATE ON DATABASE {} TO {};\n", name, quote_identifier(surroundings_.user));
    }
    MIGRATE_TRY(run(maker, sql + settings_sql(surroundings_.database, surroundings_),
                    "the copy's database could not be set up"));
    return connect(cluster, surroundings_.database, {});
  }

  Result<void> check_extensions(db::Session& session) {
    const auto rows = session.query("SELECT name FROM pg_catalog.pg_available_extensions");
    if (!rows) return fail(refused(rows.error(), "the copy could not be asked for its extensions"));
    std::set<std::string> available;
    for (const auto& row : *rows) available.insert(row[0].value_or(""));
    std::vector<std::string> missing;
    for (const auto& extension : surroundings_.extensions) {
      if (!available.contains(extension)) missing.push_back(extension);
    }
    if (missing.empty()) return {};
    auto failure = no_copy(fmt::format("the database has {} that this machine's PostgreSQL does not have: {}",
                                       missing.size() == 1 ? "an extension" : "extensions", join_with_and(missing)));
    auto& problem = failure.diagnostics.front();
    problem.id = "missing-extension";
    return fail(Failure(std::move(problem)
                            .help("install it for the PostgreSQL of this machine")
                            .help("or make the copy on the database's own server: --copy=server"),
                        ExitCode::unreachable));
  }

  const Context& context_;
  Connection& original_;
  const Surroundings& surroundings_;
  fs::path programs_;
  const Original& content_;
  std::string word_;
};

// Why the original's server is no place that may be taken unasked; empty: it is one.
std::string why_not_on_server(const Context& context, const Surroundings& surroundings) {
  if (!surroundings.may_make_databases) {
    return fmt::format("role `{}` may not make a database on the server", surroundings.user);
  }
  if (context.settings.protected_target.value)
    return "the server is that of a protected database, where nothing is made unasked";
  return {};
}

// `helps`: how a server of its own can be had.
Failure not_beside(Diagnostic statement, const std::string& why, const std::vector<Help>& helps) {
  statement.notes.insert(statement.notes.begin() + 1, {"note", "there is no place for a copy of its own: " + why});
  auto& own = statement.helps;
  own.erase(own.begin());
  for (const auto& help : helps) {
    if (help.message.find("--copy=server") == std::string::npos) own.insert(own.begin(), help);
  }
  return {std::move(statement), ExitCode::unreachable};
}

}  // namespace

Result<Copy> make_copy(const Context& context, Connection& original, const Surroundings& surroundings,
                       const fs::path& programs, CopyPlace wanted, const Confines& confines, const Original& content) {
  CopyMaker maker(context, original, surroundings, programs, content);
  if (wanted == CopyPlace::server) return maker.on_server();
  const std::string refusal = why_not_on_server(context, surroundings);
  // There is a server of ours already.
  const bool own = context.settings.database.value.embedded;
  if (wanted == CopyPlace::automatic && own && refusal.empty() && !confines.not_beside) return maker.on_server();

  const int major = original.session.info().server_version_num / 10000;
  const auto binaries = cluster::find_server_binaries_of(context.settings.pg_bin.value, major);
  Result<Copy> copy = binaries ? maker.embedded(*binaries) : fail(binaries.error());
  const bool can_be_elsewhere = !copy && (!binaries || copy.error().diagnostics.front().id == "missing-extension");
  if (wanted == CopyPlace::embedded || !can_be_elsewhere) return copy;
  const std::string why = copy.error().diagnostics.front().notes.empty()
                              ? copy.error().diagnostics.front().message
                              : copy.error().diagnostics.front().notes.front().text;
  if (confines.not_beside) return fail(not_beside(*confines.not_beside, why, copy.error().diagnostics.front().helps));
  if (!refusal.empty()) {
    auto failure = no_copy(why);
    failure.diagnostics.front().notes.insert(failure.diagnostics.front().notes.begin() + 1, {"note", refusal});
    for (const auto& help : copy.error().diagnostics.front().helps) {
      failure.diagnostics.front() = std::move(failure.diagnostics.front()).help(help.message);
    }
    if (binaries) return fail(std::move(failure));
    failure.diagnostics.front() =
        std::move(failure.diagnostics.front()).help("or make the copy on the database's own server: --copy=server");
    return fail(std::move(failure));
  }
  context.observer.progress(why + ": the copy is made on the database's server");
  return maker.on_server();
}

}  // namespace migrate::ops
