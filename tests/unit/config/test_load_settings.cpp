#include <functional>

#include "project.hpp"

using namespace migrate;
using namespace migrate::config;
using namespace std::chrono_literals;
using migrate::test::Project;

namespace {

Flags with_url(std::string url) {
  Flags flags;
  flags.url = std::move(url);
  return flags;
}

/// One setting's value as text, its origin and its place.
using Seen = std::tuple<std::string, Origin, std::string>;

template <class T>
std::string text_of(const T& value) {
  if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    return std::to_string(value.count());
  else if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "false";
  else if constexpr (std::is_same_v<T, DatabaseUrl>)
    return value.embedded ? "embedded:" + value.embedded_name : value.conninfo;
  else if constexpr (std::is_same_v<T, std::string>)
    return value;
  else
    return value.front().filename().string();
}

template <class T>
Seen seen(const Setting<T>& setting) {
  return {text_of(setting.value), setting.origin, setting.where};
}

/// How one setting is set at each level; an empty text: it can't be.
struct Case {
  std::string name;
  std::function<Seen(const Settings&)> look;
  std::string fallback;
  std::string toml;  // two lines, the key on the second
  std::string file_value;
  std::string variable;
  std::string dotenv_text, dotenv_value;
  std::string environment_text, environment_value;
  std::string flag;
  std::function<void(Flags&)> set_flag;
  std::string flag_value;
};

template <class T>
std::function<Seen(const Settings&)> look_at(Setting<T> Settings::*member) {
  return [member](const Settings& settings) { return seen(settings.*member); };
}

std::vector<Case> cases() {
  return {
      {"database", look_at(&Settings::database), "", "", "", "DATABASE_URL", "embedded:a", "embedded:a", "host=b",
       "host=b", "--url", [](Flags& flags) { flags.url = "host=c"; }, "host=c"},
      {"database of our own", look_at(&Settings::database), "", "", "", "MIGRATE_DATABASE_URL", "embedded:a",
       "embedded:a", "host=b", "host=b", "--url", [](Flags& flags) { flags.url = "host=c"; }, "host=c"},
      {"environment", look_at(&Settings::environment), "development", "", "", "MIGRATE_ENV", "staging", "staging",
       "Test", "test", "", nullptr, ""},
      {"project", look_at(&Settings::project), "", "[project]\nid = 'shop'", "shop", "", "", "", "", "", "", nullptr,
       ""},
      {"migrations", look_at(&Settings::migrations), "migrations", "[migrations]\ndirectory = 'db'", "db", "", "", "",
       "", "", "--dir", [](Flags& flags) { flags.migrations = {"flagged"}; }, "flagged"},
      {"file template", look_at(&Settings::file_template), "timestamp", "[migrations]\nfile_template = 't'", "t", "",
       "", "", "", "", "", nullptr, ""},
      {"schema", look_at(&Settings::version_table_schema), "", "[journal]\nschema = 's'", "s", "", "", "", "", "", "",
       nullptr, ""},
      {"role", look_at(&Settings::role), "", "[session]\nrole = 'a'", "a", "MIGRATE_ROLE", "b", "b", "c", "c", "--role",
       [](Flags& flags) { flags.role = "d"; }, "d"},
      {"lock timeout", look_at(&Settings::lock_timeout), "2000", "[locks]\nlock_timeout = '1s'", "1000",
       "MIGRATE_LOCK_TIMEOUT", "2s", "2000", "500", "500", "--lock-timeout",
       [](Flags& flags) { flags.lock_timeout = "4s"; }, "4000"},
      {"retry", look_at(&Settings::lock_retry_for), "600000", "[locks]\nretry_for = '1s'", "1000", "", "", "", "", "",
       "", nullptr, ""},
      {"statement timeout", look_at(&Settings::statement_timeout), "0", "[locks]\nstatement_timeout = 7", "7",
       "MIGRATE_STATEMENT_TIMEOUT", "2s", "2000", "3min", "180000", "--statement-timeout",
       [](Flags& flags) { flags.statement_timeout = "0"; }, "0"},
      {"wait for another run", look_at(&Settings::migration_lock_timeout), "60000",
       "[locks]\nmigration_lock_timeout = '1h'", "3600000", "", "", "", "", "", "", nullptr, ""},
      {"pause of batches", look_at(&Settings::batch_pause), "0", "[batches]\npause = '1s'", "1000", "", "", "", "", "",
       "", nullptr, ""},
      {"lag of replicas", look_at(&Settings::batch_max_lag), "0", "[batches]\nmax_lag = '1min'", "60000", "", "", "",
       "", "", "", nullptr, ""},
      {"wait", look_at(&Settings::wait), "0", "", "", "MIGRATE_WAIT", "10", "10000", "500ms", "500", "--wait",
       [](Flags& flags) { flags.wait = "1.5"; }, "1500"},
      {"protected", look_at(&Settings::protected_target), "false", "[safety]\nprotected = true", "true", "", "", "", "",
       "", "", nullptr, ""},
      {"server binaries", look_at(&Settings::pg_bin), "", "", "", "MIGRATE_PG_BIN", "/a", "/a", "/b", "/b", "", nullptr,
       ""},
      {"server's user", look_at(&Settings::pg_user), "", "", "", "MIGRATE_PG_USER", "a", "a", "b", "b", "", nullptr,
       ""},
      {"direct URL", look_at(&Settings::direct_url), "", "", "", "MIGRATE_DIRECT_URL", "host=a", "host=a",
       "postgres+asyncpg://b", "postgresql://b", "", nullptr, ""},
  };
}

}  // namespace

TEST_CASE("every setting has a default, and every level goes before the one below and tells its place") {
  for (const auto& setting : cases()) {
    CAPTURE(setting.name);
    const Project project;
    Flags flags;
    Environment environment;
    const auto now = [&] { return setting.look(project.settings(flags, environment)); };

    CHECK(now() == Seen{setting.fallback, Origin::fallback, "default"});
    if (!setting.toml.empty()) {
      project.write("migrate.toml", setting.toml);
      CHECK(now() == Seen{setting.file_value, Origin::file, "migrate.toml:2:1"});
    }
    if (!setting.variable.empty()) {
      project.write(".env", "# first\n" + setting.variable + "=" + setting.dotenv_text + "\n");
      CHECK(now() == Seen{setting.dotenv_value, Origin::dotenv, ".env:2"});
      environment[setting.variable] = "";
      CHECK(now() == Seen{setting.dotenv_value, Origin::dotenv, ".env:2"});
      environment[setting.variable] = setting.environment_text;
      CHECK(now() == Seen{setting.environment_value, Origin::environment, setting.variable});
    }
    if (setting.set_flag) {
      setting.set_flag(flags);
      CHECK(now() == Seen{setting.flag_value, Origin::flag, setting.flag});
    }
  }
}

TEST_CASE("our own variable for the database goes before the common one") {
  const Project project;
  project.write(".env", "DATABASE_URL=host=one\nMIGRATE_DATABASE_URL=host=two\n");
  CHECK(seen(project.settings().database) == Seen{"host=two", Origin::dotenv, ".env:2"});
  CHECK(seen(project.settings({}, {{"DATABASE_URL", "host=three"}}).database) ==
        Seen{"host=three", Origin::environment, "DATABASE_URL"});
  CHECK(seen(project.settings({}, {{"DATABASE_URL", "host=three"}, {"MIGRATE_DATABASE_URL", "host=four"}}).database) ==
        Seen{"host=four", Origin::environment, "MIGRATE_DATABASE_URL"});
}

TEST_CASE("a direct URL is the way to a database that does not come from a stronger origin") {
  const Project project;
  const Environment direct{{"MIGRATE_DIRECT_URL", "host=direct"}};
  const Environment both{{"MIGRATE_DIRECT_URL", "host=direct"}, {"DATABASE_URL", "host=pooler"}};
  CHECK_FALSE(project.settings().goes_direct());
  CHECK(project.settings({}, both).goes_direct());
  CHECK_FALSE(project.settings(with_url("host=other"), both).goes_direct());
  CHECK_FALSE(
      project.settings({}, {{"MIGRATE_DIRECT_URL", "host=direct"}, {"DATABASE_URL", "embedded:"}}).goes_direct());
  project.write(".env", "DATABASE_URL=host=pooler\n");
  CHECK(project.settings({}, direct).goes_direct());
  project.write(".env", "DATABASE_URL=host=pooler\nMIGRATE_DIRECT_URL=host=direct\n");
  CHECK(project.settings().goes_direct());
  CHECK_FALSE(project.settings({}, {{"DATABASE_URL", "host=other"}}).goes_direct());
  CHECK_FALSE(project.settings({}, {{"PGHOST", "other"}}).goes_direct());
}

TEST_CASE("libpq's variables name the database where no URL of their level does") {
  const Project project;
  CHECK(seen(project.settings().database) == Seen{"", Origin::fallback, "default"});
  CHECK(seen(project.settings({}, {{"PGUSER", "u"}, {"PGPORT", "1"}}).database) ==
        Seen{"", Origin::fallback, "default"});
  CHECK(seen(project.settings({}, {{"PGDATABASE", "d"}}).database) == Seen{"", Origin::environment, "PGDATABASE"});
  CHECK(seen(project.settings({}, {{"PGSERVICE", "s"}, {"PGHOST", "h"}}).database) ==
        Seen{"", Origin::environment, "PGSERVICE, PGHOST"});
  CHECK(seen(project.settings({}, {{"PGHOST", "h"}, {"DATABASE_URL", "host=x"}}).database) ==
        Seen{"host=x", Origin::environment, "DATABASE_URL"});
  CHECK(seen(project.settings(with_url("host=f"), {{"PGHOST", "h"}}).database) ==
        Seen{"host=f", Origin::flag, "--url"});
  project.write(".env", "PGPORT=1\nPGHOST=h\n");
  CHECK(seen(project.settings().database) == Seen{"", Origin::dotenv, ".env:2 (PGHOST)"});
  CHECK(describe(project.settings({}, {{"PGHOST", "h"}, {"PGDATABASE", "d"}}))[2] ==
        SettingLine{"database", "from PGHOST, PGDATABASE", "PGHOST, PGDATABASE"});
}

TEST_CASE("libpq's variables of the environment go before a URL of .env, and that is said") {
  const Project project;
  project.write(".env", "DATABASE_URL=postgresql://u:s3cret@dev/d\n");
  const Environment environment{{"PGHOST", "prod"}};
  CHECK(seen(project.settings({}, environment).database) == Seen{"", Origin::environment, "PGHOST"});
  CHECK(project.warnings({}, environment) ==
        R"(warning[dotenv-ignored]: `DATABASE_URL` is not used: `PGHOST` of the environment goes before it
  --> .env:1:1
  | DATABASE_URL=***
  | ^^^^^^^^^^^^
help: set DATABASE_URL in the environment, or unset PGHOST
)");
  CHECK(project.warnings(with_url("host=x"), environment).empty());
  CHECK(project.warnings({}, {{"PGUSER", "u"}}).empty());
}

TEST_CASE("libpq's variables of .env are handed on where the environment does not have them") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const Project project;
  project.write(".env", "PGHOST=a\nPGPASSWORD=s3cret\nPGPORT=1\nOTHER=x\nPGSSLMODE=require\n");
  const auto settings = project.settings({}, {{"PGPORT", "2"}, {"PGSSLMODE", ""}});
  CHECK(settings.libpq_environment == Pairs{{"PGHOST", "a"}, {"PGPASSWORD", "s3cret"}});
  CHECK(settings.secrets.apply("<s3cret>") == "<***>");
}

TEST_CASE("an empty --url is not taken for the default database") {
  const Project project;
  CHECK(project.errors(with_url(""), {{"DATABASE_URL", "host=h"}}) ==
        R"(error[invalid-database-url]: the database URL is empty
  = from: --url
help: write postgresql://user@host:5432/app, or embedded:app
)");
}

TEST_CASE("a wrong URL is told with its place and without its text") {
  const Project project;
  CHECK(project.errors({}, {{"DATABASE_URL", "postgresql://u:s3cret@x@h/d"}}) ==
        R"(error[invalid-database-url]: the password of the database URL holds an `@` that is not encoded
  = from: DATABASE_URL
help: in a URL, write `@` as %40, `/` as %2F, `:` as %3A, `?` as %3F, `%` as %25 and a blank as %20
)");
  project.write(".env", "A=1\n  export DATABASE_URL=mysql://u:s3cret@h/d\n");
  CHECK(project.errors() == R"(error[invalid-database-url]: `mysql://` is not a URL of PostgreSQL
  --> .env:2:1
  | DATABASE_URL=***
  | ^^^^^^^^^^^^
help: write postgresql://user@host:5432/app, or embedded:app
)");
}

TEST_CASE("a password in --url is warned of, and hidden all the same") {
  const Project project;
  const auto flags = with_url("postgresql://u:s3cret@h/d");
  CHECK(project.warnings(flags) ==
        R"(warning[password-in-arguments]: the password in `--url` can be seen by everyone who lists processes
help: set DATABASE_URL in the environment or in .env instead
)");
  CHECK(project.settings(flags).secrets.apply("<s3cret>") == "<***>");
  CHECK(project.warnings(with_url("postgresql://u@h/d")).empty());
  CHECK(project.warnings({}, {{"DATABASE_URL", "postgresql://u:s3cret@h/d"}}).empty());
}

TEST_CASE("the secrets of every source are masked, used or not") {
  const Project project;
  project.write(".env", "DATABASE_URL=postgresql://u:secret-1@h/d\nPGPASSWORD=secret-2\n");
  const auto settings =
      project.settings(with_url("host=h password=secret-3"), {{"DATABASE_URL", "postgresql://u:secret-4@h/d"},
                                                              {"MIGRATE_DATABASE_URL", "postgresql://u:secret-5@h/d"},
                                                              {"MIGRATE_DIRECT_URL", "postgresql://u:secret-6@h/d"},
                                                              {"PGPASSWORD", "secret-7"},
                                                              {"PGUSER", "somebody"}});
  for (int i = 1; i <= 7; ++i) CHECK(settings.secrets.apply("<secret-" + std::to_string(i) + ">") == "<***>");
  const auto same = project.settings({}, {{"PGUSER", "somebody"}, {"PGPASSWORD", "somebody"}, {"PGHOST", "h"}});
  CHECK(same.secrets.apply("user somebody") == "user somebody");
}

TEST_CASE("production is protected, whatever the file says") {
  const Project project;
  project.write("migrate.toml", "[safety]\nprotected = false");
  const auto settings = project.settings({}, {{"MIGRATE_ENV", "Production"}, {"DATABASE_URL", "host=h"}});
  CHECK(settings.production());
  CHECK(seen(settings.protected_target) == Seen{"true", Origin::environment, "MIGRATE_ENV"});
  CHECK_FALSE(project.settings().production());
}
