#include <migrate/revision/file_name.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"

using namespace migrate;
using namespace migrate::revision;
using migrate::test::plain;

namespace {

FileNameTemplate made_of(std::string_view text) {
  auto result = FileNameTemplate::parse(text);
  if (!result) FAIL(plain(result.error().diagnostics));
  return *std::move(result);
}

std::string rendered(std::string_view text, const std::vector<std::string>& existing = {},
                     const std::string& message = "Add users' e-mail") {
  return made_of(text).render({RevisionId("3f9a1c2b7d10"), message, *parse_timestamp("2026-02-06T12:34:56Z")},
                              existing);
}

std::string objection(std::string_view text) {
  const auto result = FileNameTemplate::parse(text);
  if (result) return "";
  const auto& message = result.error().diagnostics.front().message;
  CHECK(result.error().diagnostics.front().id == "invalid-file-template");
  return message.substr(message.find(": ") + 2);
}

}  // namespace

TEST_CASE("presets name the usual templates") {
  CHECK(rendered("timestamp") == "20260206123456_add_users_e_mail.sql");
  CHECK(rendered("sequence") == "001_add_users_e_mail.sql");
  CHECK(rendered("date-sequence") == "20260206_0001_add_users_e_mail.sql");
  CHECK(rendered("alembic") == "3f9a1c2b7d10_add_users_e_mail.sql");
  CHECK(made_of("alembic").text() == "{rev}_{slug}");
}

TEST_CASE("every field is rendered") {
  CHECK(rendered("{date:%Y}/{date:%m-%d %H.%M.%S %j}/{rev}.{slug}") ==
        "2026/02-06 12.34.56 037/3f9a1c2b7d10.add_users_e_mail.sql");
  CHECK(rendered("{epoch}") == "1770381296.sql");
  CHECK(rendered("{date}-{slug}") == "20260206123456-add_users_e_mail.sql");
  CHECK(rendered("v{seq}__{slug}") == "v001__add_users_e_mail.sql");
}

TEST_CASE("a message without words still gives a name") {
  CHECK(rendered("{rev}_{slug}", {}, "!?") == "3f9a1c2b7d10_revision.sql");
}

TEST_CASE("a sequence goes on after the highest number that stands in its place") {
  CHECK(rendered("{seq:3}_{slug}", {"001_a.sql", "007_b.sql", "003_c.sql"}) == "008_add_users_e_mail.sql");
  CHECK(rendered("{seq:3}_{slug}", {"999_a.sql"}) == "1000_add_users_e_mail.sql");
  CHECK(rendered("{seq:3}_{slug}", {"12-by-hand.sql", "readme.sql", "x/099_y.sql"}) == "013_add_users_e_mail.sql");
  CHECK(rendered("{date:%Y}/{seq:2}", {"2025/04.sql", "2026/02.sql", "2026/x9.sql"}) == "2026/05.sql");
}

TEST_CASE("a day's sequence counts the files of that day") {
  CHECK(rendered("date-sequence", {"20260206_0004_a.sql", "20260206_0002_b.sql", "20260205_0009_c.sql"}) ==
        "20260206_0005_add_users_e_mail.sql");
  CHECK(rendered("{date:%Y}/{date:%j}_{day_seq:2}", {"2026/036_07.sql", "2026/037_02.sql"}) == "2026/037_03.sql");
}

TEST_CASE("a path is recognised if the template could have made it") {
  const auto timestamp = made_of("timestamp");
  CHECK(timestamp.matches("20260206123456_add_users.sql"));
  CHECK_FALSE(timestamp.matches("20260206123456_add_users"));
  CHECK_FALSE(timestamp.matches("2026020612345_add_users.sql"));
  CHECK_FALSE(timestamp.matches("202602061234567_add_users.sql"));
  CHECK_FALSE(timestamp.matches("20260206123456_.sql"));
  CHECK_FALSE(timestamp.matches("20260206123456-add_users.sql"));
  CHECK_FALSE(timestamp.matches("old/20260206123456_add_users.sql"));

  CHECK(made_of("{date:%Y}/{rev}_{slug}").matches("2026/3f9a_1c_add_users.sql"));
  CHECK_FALSE(made_of("{date:%Y}/{rev}_{slug}").matches("3f9a_add_users.sql"));
  CHECK(made_of("{seq:3}_{slug}").matches("1000_a.sql"));
  CHECK_FALSE(made_of("{seq:3}_{slug}").matches("01_a.sql"));
  CHECK(made_of("{slug}-{epoch}-{rev}").matches("a-b-12-3-4.sql"));
}

TEST_CASE("what a template renders it recognises") {
  for (const char* text :
       {"timestamp", "sequence", "date-sequence", "alembic", "{date:%Y/%m}/{slug}-{seq:5}", "x{epoch}y{rev}"}) {
    INFO(text);
    CHECK(made_of(text).matches(rendered(text)));
  }
}

TEST_CASE("templates that cannot work are refused") {
  CHECK(objection("") == "it is empty");
  CHECK(objection("{slug") == "a brace has no partner");
  CHECK(objection("slug}") == "a brace has no partner");
  CHECK(objection("{name}_{slug}") == "there is no field `name`");
  CHECK(objection("{slug:40}") == "`slug` takes no format");
  CHECK(objection("{date:%y}_{slug}") == "`%y` is not a date");
  CHECK(objection("{date:}_{slug}") == "`` is not a date");
  CHECK(objection("{date:%}_{slug}") == "`%` is not a date");
  CHECK(objection("{seq:x}_{slug}") == "`x` is not a width from 1 to 9");
  CHECK(objection("{seq:0}_{slug}") == "`0` is not a width from 1 to 9");
  CHECK(objection("{seq:10}_{slug}") == "`10` is not a width from 1 to 9");
  CHECK(objection("{slug}_{slug}") == "a field stands twice in it");
  CHECK(objection("constant") == "every file would have the same name");
  CHECK(objection("{day_seq:2}_{date:%Y}") == "{day_seq} needs a {date} before it");
  CHECK(objection("{seq}{slug}") == "something must stand between two fields");
  CHECK(objection("{seq}0{slug}") == "a digit may not follow a field");
  CHECK(objection("/{slug}") == "it has a folder without a name");
  CHECK(objection("a//{slug}") == "it has a folder without a name");
  CHECK(objection("../{slug}") == "it may not leave the migrations folder");
  CHECK(objection(".old/{slug}") == "files and folders with a dot in front are not read");
  CHECK(objection("a\\{slug}") == "it has a character that paths should not have");
  CHECK(objection("{slug}.sql") == "`.sql` is added by itself");
}

TEST_CASE("a refused template is told with what there is") {
  const auto result = FileNameTemplate::parse("{seq}{slug}");
  REQUIRE_FALSE(result);
  CHECK(
      plain(result.error().diagnostics) ==
      "invalid-file-template: `{seq}{slug}` is not a template of file names: something must stand between two fields\n"
      "  help: fields are {rev}, {slug}, {date:%Y%m%d}, {epoch}, {seq:3} and {day_seq:3}; or name a preset: timestamp, "
      "sequence, date-sequence, alembic\n");
}
