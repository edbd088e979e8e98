#include "project.hpp"

using namespace migrate;
using namespace migrate::config;
using namespace std::chrono_literals;
using migrate::test::Project;
using migrate::test::TemporaryFolder;
namespace fs = std::filesystem;

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
  CHECK(settings.migrations.value == std::vector<fs::path>{project / "db/one", project / "two", "/srv/three"});
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
  CHECK(project.errors().find("the value of `MIGRATE_WAIT` is not a duration\n  --> .env:1:1") != std::string::npos);
  flags.wait = "1";
  CHECK(project.errors(flags).find("MIGRATE_WAIT") == std::string::npos);
}

TEST_CASE("a folder that is named twice is an error") {
  const Project project;
  project.write("migrate.toml", "[migrations]\ndirectory = ['db', 'x/../db/']");
  CHECK(project.errors() == "error[invalid-settings]: the folder `" + (project / "db").string() +
                                "` is named twice\n  = from: migrate.toml:2:1\nhelp: name it once\n");
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
  CHECK(project.warnings({}, {{"MIGRATE_LOCK_TIMOUT", "1s"},
                              {"MIGRATE_ENV", "test"},
                              {"MIGRATE_SOURCE_DIR", "x"},
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
  const auto settings =
      project.settings({}, {{"DATABASE_URL", "postgresql://app:s3%63ret@db:5432/shop?sslmode=require&password=s3cret"},
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
      {"batches.pause", "0", "default"},
      {"batches.max_lag", "0", "default"},
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
      {"safety.backup", "off", "default"},
      {"safety.backup_directory", ".migrate/backups", "default"},
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
