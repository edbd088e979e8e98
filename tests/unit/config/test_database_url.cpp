#include <migrate/config/database_url.hpp>

#include "plain_text.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::config;

namespace {

std::string conninfo_of(std::string_view text) {
  const auto url = parse_database_url(text);
  INFO(test::plain_text(url));
  REQUIRE(url);
  REQUIRE_FALSE(url->embedded);
  return url->conninfo;
}

std::string shown(std::string_view text) {
  const auto url = parse_database_url(text);
  INFO(test::plain_text(url));
  REQUIRE(url);
  return masked(*url);
}

std::string refusal_of(std::string_view text) {
  const auto url = parse_database_url(text);
  CAPTURE(text);
  REQUIRE_FALSE(url);
  REQUIRE(url.error().diagnostics.size() == 1);
  CHECK(url.error().diagnostics[0].id == "invalid-database-url");
  CHECK(url.error().exit_code == ExitCode::usage);
  CHECK_FALSE(url.error().diagnostics[0].helps.empty());
  return url.error().diagnostics[0].message;
}

}  // namespace

TEST_CASE("URLs of PostgreSQL are taken as they are") {
  const auto* text =
      GENERATE("postgres://localhost/app", "postgresql://user:secret@host:5432/app?sslmode=require", "postgresql://",
               "postgresql:///app?host=/var/run/postgresql", "postgresql://%2Fvar%2Frun/app",
               "postgresql://[2001:db8::1]:5433,b:5434/app", "postgresql://u@h/app?options=-c%20search_path%3Dbilling",
               "postgresql://u@h?ssl=true", "postgresql://user:pa?ss#word@host/app");
  CHECK(conninfo_of(text) == text);
}

TEST_CASE("white space around a URL, and the case of its scheme, do not matter") {
  CHECK(conninfo_of("  postgresql://h/app\n") == "postgresql://h/app");
  CHECK(conninfo_of("PostgreSQL://h/App") == "postgresql://h/App");
}

TEST_CASE("SQLAlchemy's drivers are dropped") {
  CHECK(conninfo_of("postgresql+asyncpg://u:p@h/app") == "postgresql://u:p@h/app");
  CHECK(conninfo_of("postgresql+psycopg2://u:p@h/app") == "postgresql://u:p@h/app");
  CHECK(conninfo_of("postgresql+psycopg://u@h:5432/app") == "postgresql://u@h:5432/app");
  CHECK(conninfo_of("postgres+pg8000://h/app") == "postgresql://h/app");
  CHECK(conninfo_of("postgresql+asyncpg:///app?host=/tmp") == "postgresql:///app?host=/tmp");
}

TEST_CASE("parameters that only a driver knows are dropped with it") {
  CHECK(conninfo_of("postgresql+asyncpg://h/app?async_fallback=true") == "postgresql://h/app");
  CHECK(conninfo_of("postgresql+asyncpg://h/app?async_fallback=true&sslmode=require&prepared_statement_cache_size=0") ==
        "postgresql://h/app?sslmode=require");
  CHECK(conninfo_of("postgresql+psycopg2://h/app?application%5Fname=a%20b") ==
        "postgresql://h/app?application_name=a%20b");
}

TEST_CASE("asyncpg's ssl parameter keeps its meaning") {
  CHECK(conninfo_of("postgresql+asyncpg://h/app?ssl=require") == "postgresql://h/app?sslmode=require");
  CHECK(conninfo_of("postgresql+asyncpg://h/app?ssl=true") == "postgresql://h/app?sslmode=require");
  CHECK(conninfo_of("postgresql+asyncpg://h/app?ssl=verify-full") == "postgresql://h/app?sslmode=verify-full");
  CHECK(conninfo_of("postgresql+asyncpg://h/app?ssl=false") == "postgresql://h/app?sslmode=disable");
  CHECK(conninfo_of("postgresql+asyncpg://h/app?ssl=require&sslmode=verify-full") ==
        "postgresql://h/app?sslmode=verify-full");
  CHECK(refusal_of("postgresql+asyncpg://h/app?ssl=context") ==
        "the parameter `ssl` of the database URL has no meaning for PostgreSQL");
}

TEST_CASE("several hosts as SQLAlchemy writes them become libpq's") {
  CHECK(conninfo_of("postgresql+psycopg2://u@/app?host=a:5432&host=b:5433") ==
        "postgresql://u@/app?host=a,b&port=5432,5433");
  CHECK(conninfo_of("postgresql+psycopg2://u@/app?host=a:5432&host=b:") == "postgresql://u@/app?host=a,b&port=5432,");
}

TEST_CASE("connection words are taken as they are") {
  const auto* text = GENERATE("host=localhost dbname=app", "host = h  port=5432 password='it\\'s \\\\ s3cret' user=u",
                              "dbname=app", "password=a\\ b user=''");
  CHECK(conninfo_of(text) == text);
}

TEST_CASE("the embedded PostgreSQL has a database's name, or the usual one") {
  const auto usual = parse_database_url("embedded:");
  REQUIRE(usual);
  CHECK(usual->embedded);
  CHECK(usual->embedded_name == "app");
  CHECK(usual->conninfo.empty());
  CHECK(parse_database_url("embedded:shop_dev-2")->embedded_name == "shop_dev-2");
  CHECK(masked(*usual) == "embedded:app");
  const auto* wrong = GENERATE("embedded:a/b", "embedded://app", "embedded:a b", "embedded:template1", "embedded:-x");
  CHECK(refusal_of(wrong) == "the database of `embedded:` has no usable name");
}

TEST_CASE("what is no database is refused with what to write") {
  CHECK(refusal_of("") == "the database URL is empty");
  CHECK(refusal_of("   ") == "the database URL is empty");
  CHECK(refusal_of("mysql://u:p@h/app") == "`mysql://` is not a URL of PostgreSQL");
  CHECK(refusal_of("sqlite:///app.db") == "`sqlite://` is not a URL of PostgreSQL");
  CHECK(refusal_of("jdbc:postgresql://h/app?user=u&password=p") == "the database URL is one of JDBC");
  CHECK(refusal_of("app") == "the database setting is neither a URL nor `name=value` words");
  CHECK(refusal_of("postgresql://h/app?schema=public") ==
        "PostgreSQL does not know the parameter `schema` of the database URL");
  CHECK(refusal_of("postgresql://h:port/app") == "the port of the database URL is not a number");
  CHECK(refusal_of("postgresql://[::1/app") == "the IPv6 address of the database URL is not closed with `]`");
  CHECK(refusal_of("postgresql://h/app?sslmode") == "a parameter of the database URL has no `=`");
  CHECK(refusal_of("postgresql+asyncpg://u?/p@{host=a:0&host=b@c/d?e:2") ==
        "the database URL holds an `@` or a `/` that is not encoded");
  CHECK(refusal_of("host=h pasword=x") == "the database setting has a word that PostgreSQL does not know");
  CHECK(refusal_of("host=h password='x") == "a quote of the database setting is not closed");
  CHECK(refusal_of("postgresql://u:\xFF@h/app") == "the database URL is not UTF-8 text");
}

TEST_CASE("a mistyped parameter is refused with the one that was meant") {
  const auto url = parse_database_url("postgresql://h/app?sslmod=require");
  REQUIRE_FALSE(url);
  CHECK(url.error().diagnostics[0].helps[0].message == "did you mean `sslmode`?");
}

TEST_CASE("a password that libpq would cut in two is refused before libpq can repeat a half of it") {
  const auto* text =
      GENERATE("postgresql://user:left@right@host/app", "postgresql://user:left/right@host/app",
               "postgresql://user:1234/right@host/app", "postgresql://user:left%right@host/app",
               "postgresql://user:left%00right@host/app", "postgresql://user:ok@host/left/right@host2/app",
               "postgresql://host/app?password=left&right=x", "postgresql://user:left[right@]@host/app",
               "postgresql://host/app?password=left=right", "host=h password=left right user=u",
               "host=h password=left right=user", "host=h password='left'right'", "postgresql://host/a?right=left@host",
               "user:left@right:5432/app");
  const auto url = parse_database_url(text);
  CAPTURE(text);
  if (url) {
    // libpq takes it whole, too.
    CHECK(masked(*url).find("left") == std::string::npos);
    CHECK(masked(*url).find("right") == std::string::npos);
    return;
  }
  const auto shown = test::everything_shown(url.error().diagnostics);
  CHECK(shown.find("left") == std::string::npos);
  CHECK(shown.find("right") == std::string::npos);
  CHECK(shown.find("1234") == std::string::npos);
}

TEST_CASE("a connection is shown without its secrets") {
  CHECK(shown("postgresql://user:s3cret@host:5432/app?sslmode=require") ==
        "postgresql://user:***@host:5432/app?sslmode=require");
  CHECK(shown("postgresql://user@host/app") == "postgresql://user@host/app");
  CHECK(shown("postgresql://user:@host/app") == "postgresql://user:@host/app");
  CHECK(shown("postgresql://host/app?user=u&password=s3cret&sslpassword=k%20y&port=1") ==
        "postgresql://host/app?user=u&password=***&sslpassword=***&port=1");
  CHECK(shown("postgresql://host/app?p%61ssword=s3cret") == "postgresql://host/app?p%61ssword=***");
  CHECK(shown("host=h password='it\\'s s3cret' user=u") == "host=h password=*** user=u");
  CHECK(shown("host=h password = s3\\ cret user=u") == "host=h password = *** user=u");
  CHECK(shown("host=h sslpassword=s3cret") == "host=h sslpassword=***");
  CHECK(shown("dbname='postgresql://u:s3cret@h/app'") == "dbname='postgresql://u:***@h/app'");
  CHECK(shown("postgresql+asyncpg://user:s3%40cret@host/app?async_fallback=1") == "postgresql://user:***@host/app");
}

TEST_CASE("a connection string that was not parsed is not shown at all") {
  CHECK(masked(DatabaseUrl{"what is this s3cret", false, {}}) == "***");
  CHECK(masked(DatabaseUrl{}).empty());
}

TEST_CASE("passwords are found wherever a connection can have one") {
  const auto has = [](std::string_view text) { return has_password(*parse_database_url(text)); };
  CHECK(has("postgresql://u:p@h/app"));
  CHECK(has("postgresql://h/app?password=p"));
  CHECK(has("postgresql://h/app?sslpassword=p"));
  CHECK(has("host=h password=p"));
  CHECK_FALSE(has("postgresql://u:@h/app"));
  CHECK_FALSE(has("postgresql://u@h/app?password="));
  CHECK_FALSE(has("host=h password=''"));
  CHECK_FALSE(has("embedded:"));
}
