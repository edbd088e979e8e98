#include <migrate/rules/naming.hpp>

#include "support/catch.hpp"

using namespace migrate;
using rules::plural_of;
using rules::singular_of;
using rules::snake_case_of;

TEST_CASE("a plural and its singular find each other") {
  const std::pair<std::string, std::string> words[] = {
      {"user", "users"},
      {"address", "addresses"},
      {"category", "categories"},
      {"box", "boxes"},
      {"branch", "branches"},
      {"wish", "wishes"},
      {"status", "statuses"},
      {"person", "people"},
      {"key", "keys"},
      {"house", "houses"},
      {"database", "databases"},
      {"purchase", "purchases"},
      {"size", "sizes"},
      {"quiz", "quizzes"},
      {"movie", "movies"},
      {"archive", "archives"},
      {"leaf", "leaves"},
      {"analysis", "analyses"},
      {"cache", "caches"},
      {"photo", "photos"},
      {"hero", "heroes"},
      {"process", "processes"},
      {"release", "releases"},
      {"invoice", "invoices"},
      {"user_account", "user_accounts"},
      {"sales_person", "sales_people"},
  };
  for (const auto& [one, many] : words) {
    INFO(one << " / " << many);
    CHECK(plural_of(one) == many);
    CHECK(singular_of(many) == one);
    CHECK(plural_of(many) == many);
    CHECK(singular_of(one) == one);
  }
}

TEST_CASE("words without a plural stay as they are") {
  for (const std::string word : {"news", "metadata", "series", "order_metadata", ""}) {
    CHECK(plural_of(word) == word);
    CHECK(singular_of(word) == word);
  }
}

TEST_CASE("snake case is lower-case letters, digits and underscores") {
  CHECK(rules::is_snake_case("user_id2"));
  CHECK(rules::is_snake_case("_hidden"));
  for (const std::string name : {"", "userId", "2nd", "user-id", "user id", "größe"})
    CHECK_FALSE(rules::is_snake_case(name));
}

TEST_CASE("a name in another case has a snake-case form") {
  CHECK(snake_case_of("userId") == "user_id");
  CHECK(snake_case_of("UserAccounts") == "user_accounts");
  CHECK(snake_case_of("User-ID") == "user_id");
  CHECK(snake_case_of("HTTPServer2Go") == "http_server2_go");
  CHECK(snake_case_of("first name") == "first_name");
  CHECK(snake_case_of("2nd") == "_2nd");
  CHECK(snake_case_of("plain_name") == "plain_name");
}
