#include <migrate/base/result.hpp>

#include "support/catch.hpp"

using namespace migrate;

TEST_CASE("a diagnostic is put together in one expression") {
  const auto source = make_source("a.sql", "SELECT 1");
  const Diagnostic diagnostic = error("some-id", "it went wrong")
                                    .at(source, {0, 6}, "here")
                                    .also(source, {7, 8}, "and here")
                                    .in_file("b.sql")
                                    .note("why")
                                    .note("postgres", "SQLSTATE 23505")
                                    .help("do this", {{source, {7, 8}, "2"}})
                                    .help("or that");
  CHECK(diagnostic.severity == Severity::error);
  CHECK(diagnostic.id == "some-id");
  CHECK(diagnostic.message == "it went wrong");
  CHECK(diagnostic.file == "b.sql");
  CHECK(diagnostic.primary == Label{source, {0, 6}, "here"});
  CHECK(diagnostic.secondary == std::vector{Label{source, {7, 8}, "and here"}});
  CHECK(diagnostic.notes == std::vector{Note{"note", "why"}, Note{"postgres", "SQLSTATE 23505"}});
  CHECK(diagnostic.helps == std::vector{Help{"do this", {{source, {7, 8}, "2"}}}, Help{"or that", {}}});
  CHECK(warning("w", "m").severity == Severity::warning);
}

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(error("odd", "it is odd"), ExitCode::findings);
  return number / 2;
}
Result<void> check_half(int number) {
  MIGRATE_TRY(half(number));
  return {};
}
Result<std::string> quarter(int number) {
  MIGRATE_TRY_ASSIGN(const int once, half(number));
  MIGRATE_TRY_ASSIGN(const int twice, half(once));
  return std::to_string(twice);
}

}  // namespace

TEST_CASE("a result is passed on as a value or as its failure") {
  CHECK(quarter(8).value() == "2");
  CHECK(check_half(2).has_value());
  const auto failed = quarter(6);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().exit_code == ExitCode::findings);
  REQUIRE(failed.error().diagnostics.size() == 1);
  CHECK(failed.error().diagnostics[0].id == "odd");
  CHECK_FALSE(check_half(3));
}

TEST_CASE("a diagnostic can be added to in place") {
  auto diagnostic = migrate::error("some-id", "some message");
  diagnostic = std::move(diagnostic).note("first").note("state", "second");
  if (true) diagnostic = std::move(diagnostic).help("third");
  CHECK(diagnostic.id == "some-id");
  CHECK(diagnostic.message == "some message");
  CHECK(diagnostic.notes == std::vector<migrate::Note>{{"note", "first"}, {"state", "second"}});
  CHECK(diagnostic.helps == std::vector<migrate::Help>{{"third", {}}});
}
