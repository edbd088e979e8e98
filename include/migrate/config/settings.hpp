/// \file
/// Settings, and where each value came from. Secrets come from the environment only.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/config/database_url.hpp>
#include <migrate/config/lint_settings.hpp>
#include <migrate/config/setting.hpp>

namespace migrate::config {

using Environment = std::map<std::string, std::string, std::less<>>;

/// Name to value and line.
using DotenvVariables = std::map<std::string, std::pair<std::string, std::size_t>, std::less<>>;

/// `.env`: KEY=value lines, `export` before them, comments, single and double quotes (with \n \r \t \" \\ \$ in double
/// ones), multi-line quoted values; no substitution; the last of two equal names wins.
/// Errors: `invalid-dotenv` with place, all at once. What they show of the file holds no value.
Result<DotenvVariables> parse_dotenv(const SourcePtr& source);

struct Settings {
  std::filesystem::path project_dir;           ///< where migrate.toml is, or the working directory
  std::filesystem::path settings_file;         ///< empty: there is none
  std::string settings_file_from = "default";  ///< "found", "-c", "MIGRATE_CONFIG", ".env:3"

  /// --url; MIGRATE_DATABASE_URL, DATABASE_URL or libpq's variables of the environment; the same of .env; else libpq's
  /// defaults. An empty conninfo: libpq finds the database by its variables.
  Setting<DatabaseUrl> database;
  Setting<std::string> environment;  ///< MIGRATE_ENV, in lower case; default "development"
  Setting<std::string> project;      ///< [project] id: guards against the wrong database; empty: no guard

  /// [migrations] directory or directories, of project_dir; default "migrations". As paths from where the process
  /// works.
  Setting<std::vector<std::filesystem::path>> migrations;
  Setting<std::string>
      file_template;  ///< [migrations] file_template: a preset's name or a template; default "timestamp"
  Setting<std::string> version_table_schema;  ///< [journal] schema; empty: the current schema
  Setting<std::string> role;                  ///< [session] role: SET ROLE after connecting; empty: none

  Setting<std::chrono::milliseconds> lock_timeout;       ///< [locks] lock_timeout, default 2 s
  Setting<std::chrono::milliseconds> lock_retry_for;     ///< [locks] retry_for, default 10 min
  Setting<std::chrono::milliseconds> statement_timeout;  ///< [locks] statement_timeout, default 0 = none
  Setting<std::chrono::milliseconds>
      migration_lock_timeout;  ///< [locks] migration_lock_timeout: wait for another run, default 1 min
  Setting<std::chrono::milliseconds> batch_pause;    ///< [batches] pause: after each batch, default 0
  Setting<std::chrono::milliseconds> batch_max_lag;  ///< [batches] max_lag: of replicas, default 0 = not asked
  Setting<std::chrono::milliseconds> wait;  ///< --wait: for the server to come up, default 0; a bare number: seconds

  LintSettings lint;      ///< [lint]
  NamingSettings naming;  ///< [naming]

  Setting<bool> protected_target;         ///< [safety] protected; true where the environment is production
  Setting<std::string> backup;            ///< [safety] backup: off (default), auto (before data is destroyed), always
  Setting<std::string> backup_directory;  ///< [safety] backup_directory, of project_dir; default ".migrate/backups"
  Setting<std::string> pg_bin;            ///< MIGRATE_PG_BIN: server binaries for the embedded PostgreSQL
  Setting<std::string> pg_user;           ///< MIGRATE_PG_USER: whom the embedded PostgreSQL runs as, where we are root
  Setting<std::string> direct_url;        ///< MIGRATE_DIRECT_URL: past a pooler, for the verbs that change the database

  SecretMask secrets;
  /// PG* variables of .env that the environment does not have: to be put into it before libpq is called.
  std::vector<std::pair<std::string, std::string>> libpq_environment;

  [[nodiscard]] bool production() const { return environment.value == "production"; }
  /// Whether `direct_url` is the way to `database`. One that was set further away is of another database: --url goes
  /// before MIGRATE_DIRECT_URL, and DATABASE_URL of the environment before that of .env.
  [[nodiscard]] bool goes_direct() const;
};

/// Values given as flags.
struct Flags {
  std::optional<std::string> url;
  std::optional<std::filesystem::path> settings_file;  ///< -c
  std::vector<std::filesystem::path> migrations;       ///< --dir
  std::optional<std::string> lock_timeout, statement_timeout, wait, role;
  std::optional<std::filesystem::path> working_directory;  ///< -C: the caller enters it before settings are read
};

struct Loaded {
  Settings settings;
  Diagnostics warnings;  ///< `password-in-arguments`, `unknown-variable`, `unknown-environment`, `dotenv-ignored`
};

/// Reads migrate.toml (found upwards from the working directory to the first folder with a `.git`) and `.env` beside
/// it. Precedence: flag, environment, .env, migrate.toml, default. Errors: `invalid-settings` with place (syntax,
/// unknown key with the nearest, wrong type), `secret-in-settings`, `invalid-dotenv`, `invalid-database-url`,
/// `embedded-in-production`, `unreadable-file`; all at once.
Result<Loaded> load_settings(const Flags& flags, const Environment& environment,
                             const std::filesystem::path& working_directory);

/// One line of `migrate config`: name (as the settings file has it, where it can), value as it would be written there
/// (masked; empty: unset), origin.
struct SettingLine {
  std::string name, value, where;
  bool operator==(const SettingLine&) const = default;
};
std::vector<SettingLine> describe(const Settings& settings);

}  // namespace migrate::config
