#include "config/settings_file.hpp"
#include "plain_text.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::config;
using namespace std::chrono_literals;

namespace {

Settings settings_of(std::string text) {
  Settings settings;
  const auto read = read_settings_file(make_source("migrate.toml", std::move(text)), settings);
  INFO(test::plain_text(read));
  REQUIRE(read);
  return settings;
}

std::string errors_of(std::string text) {
  Settings settings;
  return test::plain_text(read_settings_file(make_source("migrate.toml", std::move(text)), settings));
}

std::string everything_shown_of(std::string text) {
  Settings settings;
  const auto read = read_settings_file(make_source("migrate.toml", std::move(text)), settings);
  return read ? "" : test::everything_shown(read.error().diagnostics);
}

}  // namespace

TEST_CASE("every key of the settings file has its place") {
  const auto settings = settings_of(R"(
[project]
id = "shop"

[migrations]
directory = ["db/core", "db/billing"]
file_template = "{seq:3}_{slug}"

[journal]
schema = "ops"
[session]
role = "owner"

[locks]
lock_timeout = "3s"
retry_for = "5min"
statement_timeout = 1500
  migration_lock_timeout = "30s"
[batches]
pause = "100ms"
max_lag = "10s"
[safety]
protected = true
)");
  CHECK(settings.project.value == "shop");
  CHECK(settings.project.origin == Origin::file);
  CHECK(settings.project.where == "migrate.toml:3:1");
  CHECK(settings.migrations.value == std::vector<std::filesystem::path>{"db/core", "db/billing"});
  CHECK(settings.migrations.where == "migrate.toml:6:1");
  CHECK(settings.file_template.value == "{seq:3}_{slug}");
  CHECK(settings.version_table_schema.value == "ops");
  CHECK(settings.role.value == "owner");
  CHECK(settings.lock_timeout.value == 3s);
  CHECK(settings.lock_retry_for.value == 5min);
  CHECK(settings.statement_timeout.value == 1500ms);
  CHECK(settings.migration_lock_timeout.value == 30s);
  CHECK(settings.migration_lock_timeout.where == "migrate.toml:18:3");
  CHECK(settings.protected_target.value);
  CHECK(settings.batch_pause.value == 100ms);
  CHECK(settings.batch_max_lag.value == 10s);
  CHECK(settings.protected_target.where == "migrate.toml:23:1");
}

TEST_CASE("one folder needs no list, and sections may be written as TOML allows") {
  CHECK(settings_of("migrations.directory = \"db\"").migrations.value == std::vector<std::filesystem::path>{"db"});
  CHECK(settings_of("locks = { lock_timeout = \"1s\" }").lock_timeout.value == 1s);
  CHECK(settings_of("").project.origin == Origin::fallback);
  CHECK(settings_of("\xEF\xBB\xBF[project]\r\nid = 'x'\r\n").project.where == "migrate.toml:2:1");
}

TEST_CASE("all problems of a file are told at once, in its order") {
  CHECK(errors_of(R"([projetc]
id = "shop"
[locks]
lock_timout = "2s"
retry_for = "5 parsecs"
role = "x"
statement_timeout = true
[safety]
protected = "yes"
[migrations]
directory = []
[journal]
schema = ["a"]
)") == R"(error[invalid-settings]: unknown section `[projetc]`
  --> migrate.toml:1:2
  | [projetc]
  |  ^^^^^^^
help: did you mean `[project]`?
error[invalid-settings]: unknown key `lock_timout` in `[locks]`
  --> migrate.toml:4:1
  | lock_timout = ***
  | ^^^^^^^^^^^
help: did you mean `lock_timeout`?
error[invalid-settings]: the value of `retry_for` is not a duration
  --> migrate.toml:5:13
  | retry_for = "5 parsecs"
  |             ^^^^^^^^^^^
help: write a number and a unit, like 500ms, 2s, 5min or 1h; 0 for none
error[invalid-settings]: unknown key `role` in `[locks]`
  --> migrate.toml:6:1
  | role = ***
  | ^^^^
help: move it below [session]
error[invalid-settings]: `statement_timeout` takes a duration, not true or false
  --> migrate.toml:7:21
  | statement_timeout = true
  |                     ^^^^
help: write a number and a unit, like 500ms, 2s, 5min or 1h; 0 for none
error[invalid-settings]: `protected` takes true or false, not a text
  --> migrate.toml:9:13
  | protected = "yes"
  |             ^^^^^
help: write true or false without quotes
error[invalid-settings]: `directory` names no folder
  --> migrate.toml:11:13
  | directory = []
  |             ^^
help: name one, or leave the key out for "migrations"
error[invalid-settings]: `schema` takes a text, not a list
  --> migrate.toml:13:10
  | schema = ["a"]
  |          ^^^^^
help: write texts in quotes
)");
}

TEST_CASE("keys and sections that nothing resembles are answered with those that exist") {
  CHECK(errors_of("[session]\nsearch_path = 1\n") ==
        R"(error[invalid-settings]: unknown key `search_path` in `[session]`
  --> migrate.toml:2:1
  | search_path = ***
  | ^^^^^^^^^^^
help: the keys of [session] are role
)");
  CHECK(errors_of("[[hooks]]\na = 1\n") == R"(error[invalid-settings]: unknown section `[hooks]`
  --> migrate.toml:1:3
  | [[hooks]]
  |   ^^^^^
help: the sections are [project], [migrations], [journal], [session], [locks], [batches], [safety], [lint] and [naming]
)");
  CHECK(errors_of("id = 'x'\nlocks = 2\n") == R"(error[invalid-settings]: `id` is in no section
  --> migrate.toml:1:1
  | id = ***
  | ^^
help: move it below [project]
error[invalid-settings]: `locks` is a section, not a whole number
  --> migrate.toml:2:1
  | locks = 2
  | ^^^^^
help: write [locks], and its keys below it
)");
}

TEST_CASE("items of a list of folders are told one by one") {
  CHECK(errors_of("[migrations]\ndirectory = ['é', 3, \"\"]\n") ==
        R"(error[invalid-settings]: `directory` takes a folder or a list of folders, not a whole number
  --> migrate.toml:2:19
  | directory = ['é', 3, ""]
  |                    ^
help: write texts in quotes
error[invalid-settings]: a folder of `directory` is empty
  --> migrate.toml:2:22
  | directory = ['é', 3, ""]
  |                       ^^
help: write "." for the folder of the settings file
)");
}

TEST_CASE("a syntax error has its place") {
  const auto unclosed = errors_of("[project\nid = 'x'\n");
  CHECK(unclosed.find("error[invalid-settings]: syntax error in the settings file: parsing table header: ") == 0);
  CHECK(unclosed.find(R"(
  --> migrate.toml:1:9
  | [project
  |         ^
help: write `key = value` below a [section], with texts in quotes
)") != std::string::npos);
  CHECK(errors_of("[project]\nid = shop\n").find("migrate.toml:2:") != std::string::npos);
  CHECK(errors_of("[project]\nid = 'a'\nid = 'b'\n").find("cannot redefine") != std::string::npos);
  CHECK(errors_of("a = \xFF").find("migrate.toml:1:") != std::string::npos);
  CHECK(errors_of("x" + std::string(100'000, '.') + "x = 1").find("too many dots") != std::string::npos);
  CHECK(errors_of("[session]\nrole = \"a\\u0000b\"").find("control character") != std::string::npos);
}

TEST_CASE("a database's URL in the settings file is refused and not shown") {
  CHECK(errors_of("[database]\nurl = \"postgresql://app:s3cret@db/shop\"\n[project]\nid = 3\n") ==
        R"(error[secret-in-settings]: the value of `url` does not belong in the settings file
  --> migrate.toml:2:1
  | url = ***
  | ^^^
  = note: settings files are shared; a database's URL and its password are not
help: remove it, and set DATABASE_URL in the environment or in .env
error[invalid-settings]: `id` takes a text, not a whole number
  --> migrate.toml:4:6
  | id = 3
  |      ^
help: write texts in quotes
)");
}

TEST_CASE("no secret of a settings file is shown, wherever it stands") {
  const auto* text = GENERATE(
      "url = \"embedded:s3cret\"", "database_url = \"postgresql://h/s3cret\"", "[database]\npassword = \"s3cret\"",
      "[session]\nPASSWORD = 's3cret'", "[session]\nrole = \"postgresql://u:s3cret@h/d\"",
      "[migrations]\ndirectory = [\"a\", \"postgresql+asyncpg://u:s3cret@h/d\"]",
      "[project]\nid = \"host=h password=s3cret\"", "[db]\ndsn = \"host=h user=s3cret\"",
      "[db]\nx.y = {pwd = \"s3cret\"}", "[db]\n\"pass\\u0077ord\" = \"s3cret\"",
      "[db]\npassword = \"\"\"\nline\ns3cret\n\"\"\"\n[projct]\nx=1", "[[db]]\nlist = [{a = 1}, {token = 's3cret'}]",
      "[x]\nunheard_of = \"s3cret\"\n[project]\nidd = \"s3cret\"", "idd = \"s3cret\"",
      "# password = s3cret\n[projct]\n", "# postgresql://u:s3cret@h/d\n[projct]\n",
      "[project]\nid = 3 # postgresql://u:s3cret@h/d", "password = s3cret", "[db]\nurl = s3cret\n",
      "url = \"postgresql://u:s3cret@h/d", "[x]\npassword = \"s3cret\" oops", "[x]\npassword = s3cret'\n[project\n",
      "password = \"\"\"\ns3cret\nmore", "[project]\nid = postgresql://u:s3cret@h/d", "x = {url = s3cret, y = 2}",
      "db-password = 's3cret' =", "\"password\" = s3cret", "DATABASE_URL=postgresql://u:s3cret@h/d",
      "[project]\nid = 'x' 'postgresql://u:s3cret@h/d'");
  CAPTURE(text);
  const auto shown = everything_shown_of(text);
  CHECK_FALSE(shown.empty());
  CHECK(shown.find("s3cret") == std::string::npos);
}

TEST_CASE("what stands on the line of a secret is shown, as long as the file is TOML") {
  const auto shown = errors_of("migrations = { token = \"s3\\\"cret\", file_template = 3 }\n");
  CHECK(shown.find("  | migrations = { token = ***, file_template = 3 }") != std::string::npos);
  CHECK(errors_of("migrations = { token = \"s3\\\"cret\", file_template = }\n").find("file_template") ==
        std::string::npos);
  CHECK(everything_shown_of("[project]\nid = 3 # token = \"s3\"cret\n").find("cret") == std::string::npos);
}

TEST_CASE("a number as a password is not told by the parser's own words") {
  CHECK(everything_shown_of("password = 99999999999999999999").find("9999") == std::string::npos);
  CHECK(everything_shown_of("[x]\npassword = 0123").find("0123") == std::string::npos);
}

TEST_CASE("every kind of secret has the id secret-in-settings") {
  const auto* text = GENERATE("url = 'x'", "password = 3", "[x]\ndsn = 'y'", "[project]\nid = 'postgres://h/d'",
                              "[a.b]\nc = ['x', 'password=y']", "[[a]]\ndb_password = 'x'");
  CAPTURE(text);
  CHECK(errors_of(text).find("error[secret-in-settings]") == 0);
}

TEST_CASE("what only resembles a secret is left alone") {
  CHECK(settings_of("[project]\nid = \"url-shortener\"").project.value == "url-shortener");
  CHECK(settings_of("[session]\nrole = \"postgres\"").role.value == "postgres");
  CHECK(settings_of("[migrations]\ndirectory = \"a=b/c@d\"").migrations.value.front() == "a=b/c@d");
}

TEST_CASE("a place after hidden lines is still the right one") {
  const auto text =
      errors_of("[db]\npassword = '''\na\nb\nc'''\n[locks]\nretry_for = 'x' # é password=abc\nretri = 'x'\n");
  CHECK(text.find("  --> migrate.toml:2:1\n  | password = ***\n  | ^^^^^^^^\n") != std::string::npos);
  CHECK(text.find("  --> migrate.toml:7:13\n  | retry_for = 'x' # é password=***\n  |             ^^^\n") !=
        std::string::npos);
  CHECK(text.find("  --> migrate.toml:8:1\n  | retri = ***\n  | ^^^^^\n") != std::string::npos);
}

TEST_CASE("a time for backups is one of those that there are") {
  CHECK(settings_of("[safety]\nbackup = \"auto\"\n").backup.value == "auto");
  CHECK(errors_of("[safety]\nbackup = \"allways\"\n") ==
        R"(error[invalid-settings]: the value of `backup` is none that it can have
  --> migrate.toml:2:10
  | backup = "allways"
  |          ^^^^^^^^^
help: did you mean "always"?
)");
  CHECK(errors_of("[safety]\nbackup = \"sometimes\"\n").find("it takes off, auto and always") != std::string::npos);
}
