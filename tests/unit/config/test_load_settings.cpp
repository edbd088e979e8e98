#include <functional>

#include "plain_text.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

#include <migrate/config/settings.hpp>

using namespace migrate;
using namespace migrate::config;
using namespace std::chrono_literals;
using migrate::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// A folder that no folder above can add settings to.
class Project : public TemporaryFolder {
 public:
  Project() { write(".git", "gitdir: elsewhere"); }

  [[nodiscard]] Result<Loaded> load(const Flags& flags = {}, const Environment& environment = {},
                                    const fs::path& from = {}) const {
    return load_settings(flags, environment, path() / from);
  }
  [[nodiscard]] Settings settings(const Flags& flags = {}, const Environment& environment = {},
                                  const fs::path& from = {}) const {
    auto loaded = load(flags, environment, from);
    INFO(test::plain_text(loaded));
    REQUIRE(loaded);
    return std::move(loaded->settings);
  }
  [[nodiscard]] std::string errors(const Flags& flags = {}, const Environment& environment = {}) const {
    return test::plain_text(load(flags, environment));
  }
  [[nodiscard]] std::string warnings(const Flags& flags = {}, const Environment& environment = {}) const {
    const auto loaded = load(flags, environment);
    INFO(test::plain_text(loaded));
    REQUIRE(loaded);
    return test::plain_text(loaded->warnings);
  }
};

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
      {"database", look_at(&Settings::database), "", "", "", "DATABASE_URL", "embedded:a", "embedded:a", "host=b", "host=b",
       "--url", [](Flags& flags) { flags.url = "host=c"; }, "host=c"},
      {"database of our own", look_at(&Settings::database), "", "", "", "MIGRATE_DATABASE_URL", "embedded:a", "embedded:a",
       "host=b", "host=b", "--url", [](Flags& flags) { flags.url = "host=c"; }, "host=c"},
      {"environment", look_at(&Settings::environment), "development", "", "", "MIGRATE_ENV", "staging", "staging", "Test",
       "test", "", nullptr, ""},
      {"project", look_at(&Settings::project), "", "[project]\nid = 'shop'", "shop", "", "", "", "", "", "", nullptr, ""},
      {"migrations", look_at(&Settings::migrations), "migrations", "[migrations]\ndirectory = 'db'", "db", "", "", "", "", "",
       "--dir", [](Flags& flags) { flags.migrations = {"flagged"}; }, "flagged"},
      {"file template", look_at(&Settings::file_template), "timestamp", "[migrations]\nfile_template = 't'", "t", "", "", "", "", "",
       "", nullptr, ""},
      {"schema", look_at(&Settings::version_table_schema), "", "[journal]\nschema = 's'", "s", "", "", "", "", "", "",
       nullptr, ""},
      {"role", look_at(&Settings::role), "", "[session]\nrole = 'a'", "a", "MIGRATE_ROLE", "b", "b", "c", "c", "--role",
       [](Flags& flags) { flags.role = "d"; }, "d"},
      {"lock timeout", look_at(&Settings::lock_timeout), "2000", "[locks]\nlock_timeout = '1s'", "1000",
       "MIGRATE_LOCK_TIMEOUT", "2s", "2000", "500", "500", "--lock-timeout",
       [](Flags& flags) { flags.lock_timeout = "4s"; }, "4000"},
      {"retry", look_at(&Settings::lock_retry_for), "600000", "[locks]\nretry_for = '1s'", "1000", "", "", "", "", "", "",
       nullptr, ""},
      {"statement timeout", look_at(&Settings::statement_timeout), "0", "[locks]\nstatement_timeout = 7", "7",
       "MIGRATE_STATEMENT_TIMEOUT", "2s", "2000", "3min", "180000", "--statement-timeout",
       [](Flags& flags) { flags.statement_timeout = "0"; }, "0"},
      {"wait for another run", look_at(&Settings::migration_lock_timeout), "60000",
       "[locks]\nmigration_lock_timeout = '1h'", "3600000", "", "", "", "", "", "", nullptr, ""},
      {"wait", look_at(&Settings::wait), "0", "", "", "MIGRATE_WAIT", "10", "10000", "500ms", "500", "--wait",
       [](Flags& flags) { flags.wait = "1.5"; }, "1500"},
      {"protected", look_at(&Settings::protected_target), "false", "[safety]\nprotected = true", "true", "", "", "", "", "",
       "", nullptr, ""},
      {"server binaries", look_at(&Settings::pg_bin), "", "", "", "MIGRATE_PG_BIN", "/a", "/a", "/b", "/b", "", nullptr, ""},
      {"server's user", look_at(&Settings::pg_user), "", "", "", "MIGRATE_PG_USER", "a", "a", "b", "b", "", nullptr, ""},
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

TEST_CASE("libpq's variables name the database where no URL of their level does") {
  const Project project;
  CHECK(seen(project.settings().database) == Seen{"", Origin::fallback, "default"});
  CHECK(seen(project.settings({}, {{"PGUSER", "u"}, {"PGPORT", "1"}}).database) == Seen{"", Origin::fallback, "default"});
  CHECK(seen(project.settings({}, {{"PGDATABASE", "d"}}).database) == Seen{"", Origin::environment, "PGDATABASE"});
  CHECK(seen(project.settings({}, {{"PGSERVICE", "s"}, {"PGHOST", "h"}}).database) ==
        Seen{"", Origin::environment, "PGSERVICE"});
  CHECK(seen(project.settings({}, {{"PGHOST", "h"}, {"DATABASE_URL", "host=x"}}).database) ==
        Seen{"host=x", Origin::environment, "DATABASE_URL"});
  CHECK(seen(project.settings(with_url("host=f"), {{"PGHOST", "h"}}).database) == Seen{"host=f", Origin::flag, "--url"});
  project.write(".env", "PGPORT=1\nPGHOST=h\n");
  CHECK(seen(project.settings().database) == Seen{"", Origin::dotenv, ".env:2"});
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
  const auto settings = project.settings(with_url("host=h password=secret-3"),
                                         {{"DATABASE_URL", "postgresql://u:secret-4@h/d"},
                                          {"MIGRATE_DATABASE_URL", "postgresql://u:secret-5@h/d"},
                                          {"MIGRATE_DIRECT_URL", "postgresql://u:secret-6@h/d"},
                                          {"PGPASSWORD", "secret-7"},
                                          {"PGUSER", "somebody"}});
  for (int i = 1; i <= 7; ++i) CHECK(settings.secrets.apply("<secret-" + std::to_string(i) + ">") == "<***>");
  const auto same = project.settings({}, {{"PGUSER", "somebody"}, {"PGPASSWORD", "somebody"}, {"PGHOST", "h"}});
  CHECK(same.secrets.apply("user somebody") == "user somebody");
}

TEST_CASE("the settings file is found upwards, but not above the folder with .git") {
  const TemporaryFolder outer;
  outer.write("migrate.toml", "[project]\nid = 'outer'");
  outer.write("repo/migrate.toml", "[project]\nid = 'repo'");
  outer.write("repo/deep/er/x", "");
  outer.write("other/.git/HEAD", "");
  outer.write("other/deep/x", "");
  const auto id_from = [&](const char* folder) {
    return load_settings({}, {}, outer / folder)->settings.project.value;
  };
  CHECK(id_from("repo/deep/er") == "repo");
  CHECK(id_from("repo") == "repo");
  CHECK(id_from("repo/..") == "outer");
  CHECK(id_from("other/deep").empty());
  outer.write("repo/.git/HEAD", "");
  CHECK(id_from("repo/deep") == "repo");
}

TEST_CASE("paths of the settings file are of its folder, and places are told as from here") {
  const Project project;
  project.write("migrate.toml", "[migrations]\ndirectory = ['db/one/', './db/../two', '/srv/three']\n");
  project.write(".env", "MIGRATE_ROLE=owner");
  project.write("src/deep/x", "");
  const auto settings = project.settings({}, {}, "src/deep");
  CHECK(settings.project_dir == project.path());
  CHECK(settings.settings_file == project / "migrate.toml");
  CHECK(settings.migrations.value ==
        std::vector<fs::path>{project / "db/one", project / "two", "/srv/three"});
  CHECK(settings.migrations.where == "../../migrate.toml:2:1");
  CHECK(settings.role.where == "../../.env:1");
}

TEST_CASE("where the process works, its folders are named as from there") {
  const Project project;
  project.write("migrate.toml", "[migrations]\ndirectory = ['db', '.']\n");
  project.write("src/x", "");
  const auto before = fs::current_path();
  fs::current_path(project / "src");
  const auto above = load_settings({}, {}, fs::current_path());
  Flags flags;
  flags.migrations = {"../other/", project / "absolute"};
  const auto flagged = load_settings(flags, {}, fs::current_path());
  fs::current_path(project.path());
  const auto here = load_settings({}, {}, fs::current_path());
  fs::current_path(before);
  CHECK(here->settings.migrations.value == std::vector<fs::path>{"db", "."});
  CHECK(above->settings.migrations.value == std::vector<fs::path>{"../db", ".."});
  CHECK(flagged->settings.migrations.value == std::vector<fs::path>{"../other", "../absolute"});
}

TEST_CASE("-c and MIGRATE_CONFIG name the settings file, and with it the project's folder") {
  const Project project;
  project.write("migrate.toml", "[project]\nid = 'here'");
  project.write("conf/other.toml", "[project]\nid = 'other'");
  project.write("conf/.env", "MIGRATE_ROLE=other");
  project.write("third.toml", "[project]\nid = 'third'");
  Flags flags;
  flags.settings_file = "conf/other.toml";
  const auto settings = project.settings(flags, {{"MIGRATE_CONFIG", "third.toml"}});
  CHECK(settings.project.value == "other");
  CHECK(settings.project.where == "conf/other.toml:2:1");
  CHECK(settings.project_dir == project / "conf");
  CHECK(settings.role.value == "other");
  CHECK(settings.migrations.value == std::vector<fs::path>{project / "conf/migrations"});
  CHECK(project.settings({}, {{"MIGRATE_CONFIG", "third.toml"}}).project.value == "third");

  project.write(".env", "MIGRATE_CONFIG=third.toml\n");
  CHECK(project.settings().project.value == "third");
  CHECK(project.settings(flags).project.value == "other");
}

TEST_CASE("a settings file that was named and is not there is an error") {
  const Project project;
  project.write("migrate.toml", "");
  Flags flags;
  flags.settings_file = "no.toml";
  CHECK(project.errors(flags) == "error[unreadable-file]: cannot read `" + (project / "no.toml").string() +
                                     "`: no such file or directory\n  = from: -c\nhelp: check the path\n");
  CHECK(project.errors({}, {{"MIGRATE_CONFIG", "no.toml"}}).find("  = from: MIGRATE_CONFIG\n") != std::string::npos);
}

TEST_CASE("a folder named .env or migrate.toml is none of ours") {
  const Project project;
  project.write(".env/bin/python", "");
  project.write("migrate.toml/x", "");
  CHECK(project.settings().settings_file.empty());
  CHECK(project.settings().project_dir == project.path());
}

TEST_CASE("problems of all sources are told at once") {
  const Project project;
  project.write("migrate.toml", "[project]\nidd = 'x'");
  project.write(".env", "MIGRATE_WAIT=soon\nnonsense\n");
  Flags flags;
  flags.lock_timeout = "5 parsecs";
  flags.url = "mysql://x";
  const auto text = project.errors(flags, {{"MIGRATE_STATEMENT_TIMEOUT", "-1s"}, {"MIGRATE_DIRECT_URL", "embedded:"}});
  for (const auto* part :
       {"unknown key `idd`", "this line is not `NAME=value`", "the value of `--lock-timeout` is not a duration",
        "the value of `MIGRATE_STATEMENT_TIMEOUT` is not a duration\n  = from: MIGRATE_STATEMENT_TIMEOUT",
        "`mysql://` is not a URL", "the embedded PostgreSQL has no direct URL"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  project.write(".env", "MIGRATE_WAIT=soon\n");
  CHECK(project.errors() .find("the value of `MIGRATE_WAIT` is not a duration\n  --> .env:1:1") != std::string::npos);
  flags.wait = "1";
  CHECK(project.errors(flags).find("MIGRATE_WAIT") == std::string::npos);
}

TEST_CASE("a folder that is named twice is an error") {
  const Project project;
  project.write("migrate.toml", "[migrations]\ndirectory = ['db', 'x/../db/']");
  CHECK(project.errors() == "error[invalid-settings]: the folder `" + (project / "db").string() +
                                "` is named twice\n  = from: migrate.toml:2:1\nhelp: name it once\n");
}

TEST_CASE("production is protected, whatever the file says") {
  const Project project;
  project.write("migrate.toml", "[safety]\nprotected = false");
  const auto settings = project.settings({}, {{"MIGRATE_ENV", "Production"}, {"DATABASE_URL", "host=h"}});
  CHECK(settings.production());
  CHECK(seen(settings.protected_target) == Seen{"true", Origin::environment, "MIGRATE_ENV"});
  CHECK_FALSE(project.settings().production());
}

TEST_CASE("the embedded PostgreSQL is refused in production") {
  const Project project;
  project.write(".env", "DATABASE_URL=embedded:\n");
  CHECK(project.errors({}, {{"MIGRATE_ENV", "production"}}) ==
        R"(error[embedded-in-production]: the embedded PostgreSQL is no database for production
  = from: .env:1 (the database)
  = from: MIGRATE_ENV (the environment)
help: set DATABASE_URL to the production database, or MIGRATE_ENV to another environment
)");
  CHECK(project.settings({}, {{"MIGRATE_ENV", "staging"}}).database.value.embedded);
}

TEST_CASE("an environment that is nearly production is warned of") {
  const Project project;
  const auto* name = GENERATE("prod", "PROD", "prodution", "live");
  CHECK(project.warnings({}, {{"MIGRATE_ENV", name}}).find("warning[unknown-environment]") == 0);
  CHECK(project.warnings({}, {{"MIGRATE_ENV", "production"}}).empty());
  CHECK(project.warnings({}, {{"MIGRATE_ENV", "staging"}}).empty());
}

TEST_CASE("a variable that is nearly one of ours is warned of, any other is not") {
  const Project project;
  project.write(".env", "MIGRATE_ROEL=x\n");
  CHECK(project.warnings({}, {{"MIGRATE_LOCK_TIMOUT", "1s"}, {"MIGRATE_ENV", "test"}, {"MIGRATE_SOURCE_DIR", "x"},
                              {"MIGRATE_COLOUR", "x"}}) ==
        R"(warning[unknown-variable]: the variable `MIGRATE_LOCK_TIMOUT` has no meaning
  = from: MIGRATE_LOCK_TIMOUT
help: did you mean `MIGRATE_LOCK_TIMEOUT`?
warning[unknown-variable]: the variable `MIGRATE_ROEL` has no meaning
  --> .env:1:1
  | MIGRATE_ROEL=***
  | ^^^^^^^^^^^^
help: did you mean `MIGRATE_ROLE`?
)");
}

TEST_CASE("the settings are described with their places and without secrets") {
  const Project project;
  project.write("migrate.toml", "[project]\nid = 'shop'\n[locks]\nretry_for = '90s'\n");
  project.write(".env", "PGPASSWORD=s3cret\nPGSSLMODE=require\n");
  const auto settings = project.settings(
      {}, {{"DATABASE_URL", "postgresql://app:s3%63ret@db:5432/shop?sslmode=require&password=s3cret"},
           {"MIGRATE_DIRECT_URL", "host=db password='s3cret'"},
           {"MIGRATE_ROLE", "owner-s3cret"}});
  const std::vector<SettingLine> expected{
      {"settings_file", (project / "migrate.toml").string(), "found"},
      {"project_dir", project.path().string(), "settings_file"},
      {"database", "postgresql://app:***@db:5432/shop?sslmode=require&password=***", "DATABASE_URL"},
      {"direct_url", "host=db password=***", "MIGRATE_DIRECT_URL"},
      {"environment", "development", "default"},
      {"project.id", "shop", "migrate.toml:2:1"},
      {"migrations.directory", (project / "migrations").string(), "default"},
      {"migrations.file_template", "timestamp", "default"},
      {"journal.schema", "", "default"},
      {"session.role", "owner-***", "MIGRATE_ROLE"},
      {"locks.lock_timeout", "2s", "default"},
      {"locks.retry_for", "90s", "migrate.toml:4:1"},
      {"locks.statement_timeout", "0", "default"},
      {"locks.migration_lock_timeout", "1min", "default"},
      {"wait", "0", "default"},
      {"lint.preset", "recommended", "default"},
      {"lint.start_after", "", "default"},
      {"lint.minimum_version", "14", "default"},
      {"lint.small_table", "10MB", "default"},
      {"lint.large_change_rows", "10000", "default"},
      {"lint.wide_index_columns", "3", "default"},
      {"lint.money_words", "price, amount, cost, total, balance, fee, tax, salary", "default"},
      {"lint.category_words", "status, state, type, kind, category, role, level", "default"},
      {"lint.timestamp_columns", "created_at, updated_at", "default"},
      {"lint.soft_delete_column", "deleted_at", "default"},
      {"lint.primary_key_types", "uuid, int8", "default"},
      {"lint.forbidden_types", "", "default"},
      {"naming.preset", "prefixed", "default"},
      {"naming.identifier", "", "preset"},
      {"naming.unnamed", "", "preset"},
      {"naming.plural_tables", "", "preset"},
      {"safety.protected", "false", "default"},
      {"pg_bin", "", "default"},
      {"pg_user", "", "default"},
      {"PGPASSWORD", "***", ".env"},
      {"PGSSLMODE", "require", ".env"},
  };
  const auto lines = describe(settings);
  REQUIRE(lines.size() == expected.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CAPTURE(lines[i].name, lines[i].value, lines[i].where);
    CHECK(lines[i] == expected[i]);
  }
  CHECK(describe(project.settings())[2] == SettingLine{"database", "", "default"});
}
