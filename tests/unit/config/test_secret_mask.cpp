#include <random>

#include <fmt/format.h>

#include <migrate/config/database_url.hpp>

#include "support/catch.hpp"

using namespace migrate::config;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// With the characters of a password that must be encoded, or all of them, as %XX.
std::string encoded(const std::string& text, bool all, bool upper) {
  std::string result;
  for (const char c : text) {
    const bool plain = !all && std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain)
      result += c;
    else
      result += upper ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                      : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return result;
}

std::string quoted_word(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string random_password(std::mt19937& random) {
  constexpr std::string_view letters = "abcXYZ019 @/:?#%&=+'\"\\$!*()[]{}<>,;~`^|-_.";
  std::string password;
  const auto length = 4 + random() % 12;
  for (std::size_t i = 0; i < length; ++i) password += letters[random() % letters.size()];
  return password;
}

}  // namespace

TEST_CASE("a secret is masked raw, encoded and escaped") {
  SecretMask mask;
  mask.add("p@ss 'w\\rd%");
  CHECK(mask.apply("raw p@ss 'w\\rd%!") == "raw ***!");
  CHECK(mask.apply("url p%40ss%20%27w%5Crd%25!") == "url ***!");
  CHECK(mask.apply("lower p%40ss%20%27w%5crd%25!") == "lower ***!");
  CHECK(mask.apply("all %70%40%73%73%20%27%77%5C%72%64%25!") == "all ***!");
  CHECK(mask.apply("form p%40ss+%27w%5Crd%25!") == "form ***!");
  CHECK(mask.apply("word p@ss \\'w\\\\rd%!") == "word ***!");
  CHECK(mask.apply("literal p@ss ''w\\rd%!") == "literal ***!");
  CHECK(mask.apply("nothing here") == "nothing here");
}

TEST_CASE("a secret that was given encoded is masked decoded as well") {
  SecretMask mask;
  mask.add("p%40ssword");
  CHECK(mask.apply("a p%40ssword b p@ssword c") == "a *** b *** c");
  SecretMask percent;
  percent.add("a%25b");
  CHECK(percent.apply("x a%25b y a%b z a%2525b") == "x *** y *** z ***");
}

TEST_CASE("secrets that overlap leave nothing of either") {
  SecretMask mask;
  mask.add("abcd");
  mask.add("cdef");
  mask.add("abcdefgh");
  CHECK(mask.apply("<abcdef> <abcdefgh> <cdefabcd>") == "<***> <***> <***>");
}

TEST_CASE("a short secret is masked in a connection string only") {
  SecretMask mask;
  mask.add("ab");
  CHECK(mask.apply("table ab") == "table ab");
  CHECK(mask.apply("postgresql://u:ab@h/d") == "postgresql://u:***@h/d");
  CHECK(mask.apply("host=h password=ab user=u") == "host=h password=*** user=u");
}

TEST_CASE("the words of every error about a connection are not masked away") {
  const auto url = parse_database_url("postgresql://postgres:postgres@localhost/postgres");
  REQUIRE(url);
  const auto mask = SecretMask::of(*url, "");
  CHECK(mask.apply("FATAL:  role \"postgres\" does not exist") == "FATAL:  role \"postgres\" does not exist");
  CHECK(mask.apply("connecting to postgresql://postgres:postgres@localhost/postgres") ==
        "connecting to postgresql://postgres:***@localhost/postgres");
  const auto same = SecretMask::of(*parse_database_url("postgresql://shop:shop@h/d"), "");
  CHECK(same.apply("user \"shop\"") == "user \"shop\"");
}

TEST_CASE("what looks like a password is masked though nobody told the secret") {
  const SecretMask mask;
  CHECK(mask.apply("postgres://u:s3cret@h/d") == "postgres://u:***@h/d");
  CHECK(mask.apply("\"postgres://u:s3@cr@et@h/d\": x") == "\"postgres://u:***@h/d\": x");
  CHECK(mask.apply("host=h password='s3 \\' cret' user=u") == "host=h password=*** user=u");
  CHECK(mask.apply("h?password=s3cret&user=u") == "h?password=***&user=u");
  CHECK(mask.apply("h?sslpassword=s3cret&user=u") == "h?sslpassword=***&user=u");
  CHECK(mask.apply("password=a&b user=u") == "password=*** user=u");
  CHECK(mask.apply("PGPASSWORD=s3cret psql") == "PGPASSWORD=*** psql");
  CHECK(mask.apply("ALTER ROLE app PASSWORD 's3cret';") == "ALTER ROLE app PASSWORD ***;");
  CHECK(mask.apply("password authentication failed for user \"app\"") ==
        "password authentication failed for user \"app\"");
  CHECK(mask.apply("see https://example.org:8080/a") == "see https://example.org:8080/a");
}

TEST_CASE("libpq's errors lose the password, whatever piece of the connection they repeat") {
  const auto url = parse_database_url("postgresql://app:hunt%40er%2F2@db:5432/shop");
  REQUIRE(url);
  const auto mask = SecretMask::of(*url, "other one");
  CHECK(
      mask.apply("connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed "
                 "for user \"app\"") ==
      "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user "
      "\"app\"");
  CHECK(mask.apply("could not translate host name \"hunt@er/2\" to address") ==
        "could not translate host name \"***\" to address");
  CHECK(mask.apply("invalid percent-encoded token: \"hunt%40er%2f2\"") == "invalid percent-encoded token: \"***\"");
  CHECK(mask.apply("missing \"=\" after \"postgresql://app:hunt%40er%2F2@db\" in connection info string") ==
        "missing \"=\" after \"postgresql://app:***@db\" in connection info string");
  CHECK(mask.apply("a other one b") == "a *** b");
}

TEST_CASE("the secrets of every form of connection are known to its mask") {
  const auto masked_by = [](std::string_view connection) {
    return SecretMask::of(*parse_database_url(connection), "").apply("<it's s3cret>");
  };
  CHECK(masked_by("postgresql://u:it%27s%20s3cret@h/d") == "<***>");
  CHECK(masked_by("postgresql://u:it's s3cret@h/d") == "<***>");
  CHECK(masked_by("postgresql://h/d?password=it%27s%20s3cret") == "<***>");
  CHECK(masked_by("postgresql://h/d?sslpassword=it%27s%20s3cret") == "<***>");
  CHECK(masked_by("password='it\\'s s3cret'") == "<***>");
  CHECK(masked_by("password=it\\'s\\ s3cret host=h") == "<***>");
  CHECK(masked_by("postgresql+asyncpg://u:it%27s%20s3cret@h/d") == "<***>");
}

TEST_CASE("no random password gets through, in any form that a text can have it") {
  std::mt19937 random(20261121);  // NOLINT: the same passwords at every run
  for (int round = 0; round < 2000; ++round) {
    const auto password = random_password(random);
    CAPTURE(password);
    const auto by_url = parse_database_url("postgresql://app:" + encoded(password, false, true) + "@db/shop");
    const auto by_word = parse_database_url("host=db user=app password=" + quoted_word(password));
    REQUIRE(by_url);
    REQUIRE(by_word);
    const std::vector<std::string> forms{password,
                                         encoded(password, false, true),
                                         encoded(password, false, false),
                                         encoded(password, true, true),
                                         encoded(password, true, false),
                                         quoted_word(password)};
    for (const auto* url : {&*by_url, &*by_word}) {
      const auto mask = SecretMask::of(*url, "");
      for (const auto& form : forms) {
        CAPTURE(form);
        CHECK_FALSE(contains(mask.apply("before " + form + " after"), form));
        CHECK_FALSE(contains(mask.apply("FATAL: \"postgresql://app:" + form + "@db/shop\" failed"), form));
        CHECK_FALSE(contains(mask.apply("x password=" + form + " y"), form));
      }
      CHECK_FALSE(contains(masked(*url), password));
      CHECK_FALSE(contains(masked(*url), encoded(password, false, true)));
      CHECK(contains(masked(*url), "***"));
    }
    const auto of_variable = SecretMask::of(DatabaseUrl{}, password);
    for (const auto& form : forms) CHECK_FALSE(contains(of_variable.apply("before " + form + " after"), form));
  }
}

TEST_CASE("what looks like a password in any text is found, and hidden where it comes back in another shape") {
  const auto url = SecretMask::found_in("--urll=postgresql://app:s3cr3t@localhost/app");
  REQUIRE(url);
  CHECK(url->apply("/home/postgresql:/app:s3cr3t@localhost") == "/home/postgresql:/app:***@localhost");
  const auto words = SecretMask::found_in("host=x password='s3 cr3t'");
  REQUIRE(words);
  CHECK(words->apply("no file s3 cr3t") == "no file ***");
  CHECK_FALSE(SecretMask::found_in("migrations/a.sql"));
}
