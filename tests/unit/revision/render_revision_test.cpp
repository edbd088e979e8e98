#include <migrate/revision/revision_file.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"

using namespace migrate;
using namespace migrate::revision;
using migrate::test::plain;

namespace {

template <class T>
std::vector<T> values(const std::vector<Located<T>>& items) {
  std::vector<T> result;
  for (const auto& item : items) result.push_back(item.value);
  return result;
}

NewRevision full() {
  return {.message = "Add status to users",
          .id = RevisionId("3f9a1c2b7d10"),
          .parents = {RevisionId("8a1d2e3f4b5c")},
          .depends_on = {"c0ffee123456", "accounts"},
          .labels = {"billing"},
          .create_date = parse_timestamp("2026-02-26T12:00:00Z"),
          .transaction_none = true,
          .prose = "Why: the login page filters on it.\n\n  Risk: none.",
          .upgrade_sql = "ALTER TABLE users ADD COLUMN status text;",
          .downgrade_sql = "ALTER TABLE users DROP COLUMN status;\n",
          .irreversible = std::nullopt};
}

}  // namespace

TEST_CASE("a new file has places to write in") {
  NewRevision fresh;
  fresh.message = "Add status to users";
  fresh.id = RevisionId("3f9a1c2b7d10");
  fresh.create_date = parse_timestamp("2026-02-26T12:00:00Z");
  const auto text = render_revision(fresh);
  CHECK(text ==
        "-- Add status to users\n"
        "--\n"
        "-- Revision ID: 3f9a1c2b7d10\n"
        "-- Revises:\n"
        "-- Create Date: 2026-02-26T12:00:00Z\n"
        "\n"
        "-- migrate:upgrade\n"
        "\n"
        "\n"
        "-- migrate:downgrade\n"
        "\n");
  const auto parsed = parse_revision(make_source("a.sql", text));
  REQUIRE(parsed);
  REQUIRE(parsed->unwritten.size() == 2);
  CHECK(parsed->unwritten[0].id == "empty-upgrade");
  CHECK(parsed->unwritten[1].id == "empty-downgrade");
}

TEST_CASE("a new merge is complete as it is") {
  NewRevision merge;
  merge.message = "Merge billing and cart";
  merge.id = RevisionId("m");
  merge.parents = {RevisionId("a"), RevisionId("b")};
  const auto text = render_revision(merge);
  CHECK(text ==
        "-- Merge billing and cart\n"
        "--\n"
        "-- Revision ID: m\n"
        "-- Revises: a, b\n"
        "\n"
        "-- migrate:upgrade\n"
        "\n"
        "\n"
        "-- migrate:downgrade\n"
        "\n");
  CHECK(parse_revision(make_source("a.sql", text)));
}

TEST_CASE("a full revision is rendered in the order of the format") {
  CHECK(render_revision(full()) ==
        "-- Add status to users\n"
        "--\n"
        "-- Revision ID: 3f9a1c2b7d10\n"
        "-- Revises: 8a1d2e3f4b5c\n"
        "-- Create Date: 2026-02-26T12:00:00Z\n"
        "-- Branch Labels: billing\n"
        "-- Depends On: c0ffee123456, accounts\n"
        "-- Transaction: none\n"
        "--\n"
        "-- Why: the login page filters on it.\n"
        "--\n"
        "--   Risk: none.\n"
        "\n"
        "-- migrate:upgrade\n"
        "ALTER TABLE users ADD COLUMN status text;\n"
        "\n"
        "-- migrate:downgrade\n"
        "ALTER TABLE users DROP COLUMN status;\n");
}

TEST_CASE("what is rendered parses to the same values") {
  auto revision = full();
  const bool irreversible = GENERATE(false, true);
  revision.message = GENERATE("Add status", "", "Revises: nothing", "Caf\xC3\xA9: now /* open */");
  if (irreversible) {
    revision.downgrade_sql = "";
    revision.irreversible = Irreversible{"(the rows\nare: gone)"};
  }
  const auto source = make_source("a.sql", render_revision(revision));
  const auto parsed = parse_revision(source);
  if (!parsed) FAIL(plain(parsed.error().diagnostics));
  const auto& header = parsed->header;
  CHECK(header.message == revision.message);
  CHECK(header.id.value == revision.id);
  CHECK(values(header.parents) == revision.parents);
  CHECK(values(header.depends_on) == revision.depends_on);
  CHECK(values(header.labels) == revision.labels);
  CHECK(header.create_date == revision.create_date);
  CHECK(header.transaction_none);
  CHECK(header.prose == revision.prose);
  CHECK(source->text(parsed->upgrade.body) == revision.upgrade_sql + "\n\n");
  CHECK(parsed->irreversible == revision.irreversible);
  CHECK(parsed->downgrade.has_value() != irreversible);
  if (parsed->downgrade) CHECK(source->text(parsed->downgrade->body) == revision.downgrade_sql);
}

TEST_CASE("a message of several lines becomes one") {
  NewRevision revision;
  revision.message = "  one\ntwo\r\nthree\n";
  CHECK(render_revision(revision).starts_with("-- one two  three\n--\n"));
}
