#include <migrate/config/settings.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "config/durations.hpp"
#include "config/search.hpp"
#include "config/settings_file.hpp"
#include "config/variables.hpp"

namespace migrate::config {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 2> url_variables = {"MIGRATE_DATABASE_URL", "DATABASE_URL"};
// Those of libpq's variables that say which database; the others only say how to reach it.
constexpr std::array<std::string_view, 4> target_variables = {"PGSERVICE", "PGHOST", "PGHOSTADDR", "PGDATABASE"};

Settings defaults() {
  Settings settings;
  settings.environment.value = "development";
  settings.migrations.value = {"migrations"};
  settings.file_template.value = "timestamp";
  settings.backup.value = "off";
  settings.backup_directory.value = ".migrate/backups";
  settings.lock_timeout.value = 2s;
  settings.lock_retry_for.value = 10min;
  settings.migration_lock_timeout.value = 1min;
  return settings;
}

fs::path made_absolute(const fs::path& folder) {
  std::error_code failed;
  const auto found = fs::absolute(folder, failed);
  auto normal = (failed ? folder : found).lexically_normal();
  return normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path();
}

class Loader {
 public:
  Loader(const Flags& flags, const Environment& environment, const fs::path& working_directory)
      : flags_(flags), variables_(environment), working_directory_(made_absolute(working_directory)) {}

  Result<Loaded> load() {
    locate();
    check(variables_.read_dotenv(project_dir() / ".env", shown(project_dir() / ".env")));
    locate_by_dotenv();
    read_file_of_settings();
    read_variables();
    read_flags();
    read_database();
    resolve_folders();
    protect_production();
    append(loaded_.warnings, variables_.near_misses());
    settings().libpq_environment = variables_.libpq_environment();
    if (!problems_.empty()) return fail(Failure(std::move(problems_)));
    return std::move(loaded_);
  }

 private:
  Settings& settings() { return loaded_.settings; }
  fs::path& project_dir() { return loaded_.settings.project_dir; }

  static void append(Diagnostics& all, Diagnostics more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  void check(Result<void> result) {
    if (!result) append(problems_, std::move(result).error().diagnostics);
  }

  /// As a person in the working directory would name it.
  [[nodiscard]] std::string shown(const fs::path& path) const {
    return path.lexically_proximate(working_directory_).string();
  }

  // --- where things are

  void locate() {
    if (flags_.settings_file)
      use_settings_file(working_directory_ / *flags_.settings_file, "-c");
    else if (const auto variable = variables_.in_environment("MIGRATE_CONFIG"))
      use_settings_file(working_directory_ / variable->value, variable->where);
    else if (const auto found = find_settings_file(working_directory_))
      use_settings_file(*found, "found");
    else
      project_dir() = working_directory_;
  }

  /// A `.env` can name the settings file too, from its own folder.
  void locate_by_dotenv() {
    if (flags_.settings_file || variables_.in_environment("MIGRATE_CONFIG")) return;
    if (const auto variable = variables_.in_dotenv("MIGRATE_CONFIG"))
      use_settings_file(project_dir() / variable->value, variable->where);
  }

  void use_settings_file(const fs::path& file, std::string where) {
    settings().settings_file = file.lexically_normal();
    settings().settings_file_from = std::move(where);
    project_dir() = settings().settings_file.parent_path();
  }

  void read_file_of_settings() {
    const auto file = settings().settings_file;
    if (file.empty()) return;
    auto text = read_file(file);
    if (!text) {
      for (auto& problem : text.error().diagnostics)
        problems_.push_back(std::move(problem).note("from", settings().settings_file_from));
      return;
    }
    check(read_settings_file(make_source(shown(file), *std::move(text)), settings()));
  }

  // --- variables and flags

  template <class T>
  static void set(Setting<T>& setting, T value, Origin origin, std::string where) {
    setting = {std::move(value), origin, std::move(where)};
  }

  void read_variables() {
    read_text(settings().role, "MIGRATE_ROLE");
    read_text(settings().pg_bin, "MIGRATE_PG_BIN");
    read_text(settings().pg_user, "MIGRATE_PG_USER");
    read_duration(settings().lock_timeout, flags_.lock_timeout, "--lock-timeout", "MIGRATE_LOCK_TIMEOUT");
    read_duration(settings().statement_timeout, flags_.statement_timeout, "--statement-timeout",
                  "MIGRATE_STATEMENT_TIMEOUT");
    read_duration(settings().wait, flags_.wait, "--wait", "MIGRATE_WAIT");
    if (const auto variable = variables_.find("MIGRATE_ENV")) read_environment(*variable);
    if (const auto variable = variables_.find("MIGRATE_DIRECT_URL")) read_direct_url(*variable);
  }

  void read_direct_url(const Variable& variable) {
    const auto url = parsed_url(variable);
    if (url && url->embedded)
      problems_.push_back(variables_.placed(error("invalid-database-url", "the embedded PostgreSQL has no direct URL")
                                                .help("unset MIGRATE_DIRECT_URL: there is no pooler before it"),
                                            variable));
    else if (url)
      set(settings().direct_url, url->conninfo, variable.origin, variable.where);
  }

  void read_text(Setting<std::string>& setting, std::string_view name) {
    if (auto variable = variables_.find(name)) set(setting, variable->value, variable->origin, variable->where);
  }

  void read_duration(Setting<milliseconds>& setting, const std::optional<std::string>& flag, std::string_view flag_name,
                     std::string_view name) {
    const auto variable = flag ? std::nullopt : variables_.find(name);
    if (!flag && !variable) return;
    const auto duration = duration_of(setting, flag ? *flag : variable->value);
    if (!duration && flag) problems_.push_back(not_a_duration(flag_name));
    if (!duration && variable) problems_.push_back(variables_.placed(not_a_duration(name), *variable));
    if (!duration) return;
    if (flag)
      set(setting, *duration, Origin::flag, std::string(flag_name));
    else
      set(setting, *duration, variable->origin, variable->where);
  }

  void read_environment(const Variable& variable) {
    const auto name = to_lower_ascii(trim(variable.value));
    set(settings().environment, name, variable.origin, variable.where);
    const std::array<std::string, 1> production{"production"};
    const bool similar = name == "prod" || name == "prd" || name == "live" || nearest(name, production);
    if (!similar || name == "production") return;
    loaded_.warnings.push_back(
        variables_.placed(warning("unknown-environment",
                                  fmt::format("the environment `{}` is not `production`: nothing is protected", name))
                              .help("set MIGRATE_ENV=production, or `protected = true` below [safety]"),
                          variable));
  }

  void read_flags() {
    if (flags_.role) set(settings().role, *flags_.role, Origin::flag, "--role");
    if (!flags_.migrations.empty()) set(settings().migrations, flags_.migrations, Origin::flag, "--dir");
  }

  /// A bare number is milliseconds, as for PostgreSQL; but people wait for servers in seconds.
  std::optional<milliseconds> duration_of(const Setting<milliseconds>& setting, const std::string& text) {
    const bool bare = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
    return parse_duration(bare && &setting == &settings().wait ? text + "s" : text);
  }

  static Diagnostic not_a_duration(std::string_view name) {
    return error("invalid-settings", fmt::format("the value of `{}` is not a duration", name))
        .help(std::string(duration_help));
  }

  // --- the database

  void read_database() {
    const auto in_environment = variables_.first_in_environment(url_variables);
    const auto environment_target = variables_.first_in_environment(target_variables);
    const auto in_dotenv = variables_.first_in_dotenv(url_variables);
    if (flags_.url)
      read_url_flag();
    else if (in_environment)
      read_url(*in_environment);
    else if (environment_target)
      set(settings().database, {}, environment_target->origin, all_targets(&Variables::in_environment));
    else if (in_dotenv)
      read_url(*in_dotenv);
    else if (const auto target = variables_.first_in_dotenv(target_variables))
      set(settings().database, {}, target->origin, all_targets(&Variables::in_dotenv));

    const bool surprising = !flags_.url && !in_environment && environment_target && in_dotenv;
    if (surprising) warn_of_ignored(*in_dotenv, *environment_target);
    learn_secrets();
  }

  /// "PGHOST, PGDATABASE", ".env:1 (PGHOST)"
  std::string all_targets(std::optional<Variable> (Variables::*find)(std::string_view) const) const {
    std::vector<std::string> places;
    for (const auto name : target_variables)
      if (const auto variable = (variables_.*find)(name))
        places.push_back(variable->where == name ? variable->where : fmt::format("{} ({})", variable->where, name));
    return fmt::format("{}", fmt::join(places, ", "));
  }

  void read_url_flag() {
    auto url = parse_database_url(*flags_.url);
    if (!url) {
      for (auto& problem : url.error().diagnostics) problems_.push_back(std::move(problem).note("from", "--url"));
      return;
    }
    if (has_password(*url))
      loaded_.warnings.push_back(
          warning("password-in-arguments", "the password in `--url` can be seen by everyone who lists processes")
              .help("set DATABASE_URL in the environment or in .env instead"));
    set(settings().database, *std::move(url), Origin::flag, "--url");
  }

  void read_url(const Variable& variable) {
    if (auto url = parsed_url(variable)) set(settings().database, *std::move(url), variable.origin, variable.where);
  }

  std::optional<DatabaseUrl> parsed_url(const Variable& variable) {
    auto url = parse_database_url(variable.value);
    if (url) return *std::move(url);
    for (auto& problem : url.error().diagnostics) problems_.push_back(variables_.placed(std::move(problem), variable));
    return std::nullopt;
  }

  void warn_of_ignored(const Variable& ignored, const Variable& used) {
    loaded_.warnings.push_back(variables_.placed(
        warning("dotenv-ignored",
                fmt::format("`{}` is not used: `{}` of the environment goes before it", ignored.name, used.name))
            .help(fmt::format("set DATABASE_URL in the environment, or unset {}", used.name)),
        ignored));
  }

  /// Of every URL, used or not: an error's text can come from anywhere.
  void learn_secrets() {
    auto& secrets = settings().secrets;
    secrets.add(SecretMask::of(settings().database.value, ""));
    for (const auto name : {"MIGRATE_DATABASE_URL", "DATABASE_URL", "MIGRATE_DIRECT_URL"})
      for (const auto& variable : {variables_.in_environment(name), variables_.in_dotenv(name)})
        if (variable)
          if (const auto url = parse_database_url(variable->value)) secrets.add(SecretMask::of(*url, ""));
    for (const auto& password : {variables_.in_environment("PGPASSWORD"), variables_.in_dotenv("PGPASSWORD")})
      if (password && !is_name_of_target(password->value)) secrets.add(password->value);
  }

  /// To mask the user's name because the password is the same would tell the password.
  [[nodiscard]] bool is_name_of_target(const std::string& password) const {
    for (const auto name : {"PGUSER", "PGDATABASE", "PGHOST"})
      if (const auto variable = variables_.find(name); variable && variable->value == password) return true;
    return false;
  }

  // --- what follows from others

  void resolve_folders() {
    auto& folders = settings().migrations;
    const auto& base = folders.origin == Origin::flag ? working_directory_ : project_dir();
    std::error_code failed;
    const bool works_here = fs::current_path(failed) == working_directory_ && !failed;
    for (auto& folder : folders.value) {
      folder = (base / folder).lexically_normal();
      if (!folder.has_filename()) folder = folder.parent_path();
      if (works_here) folder = folder.lexically_proximate(working_directory_);
    }
    auto sorted = folders.value;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return;
    problems_.push_back(error("invalid-settings", fmt::format("the folder `{}` is named twice", twice->string()))
                            .note("from", folders.where)
                            .help("name it once"));
  }

  void protect_production() {
    if (!settings().production()) return;
    set(settings().protected_target, true, settings().environment.origin, settings().environment.where);
    if (!settings().database.value.embedded) return;
    problems_.push_back(
        error("embedded-in-production", "the embedded PostgreSQL is no database for production")
            .note("from", fmt::format("{} (the database)", settings().database.where))
            .note("from", fmt::format("{} (the environment)", settings().environment.where))
            .help("set DATABASE_URL to the production database, or MIGRATE_ENV to another environment"));
  }

  const Flags& flags_;
  Variables variables_;
  fs::path working_directory_;
  Loaded loaded_{defaults(), {}};
  Diagnostics problems_;
};

}  // namespace

bool Settings::goes_direct() const {
  return !direct_url.value.empty() && !database.value.embedded && direct_url.origin >= database.origin;
}

Result<Loaded> load_settings(const Flags& flags, const Environment& environment, const fs::path& working_directory) {
  return Loader(flags, environment, working_directory).load();
}

}  // namespace migrate::config
