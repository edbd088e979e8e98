#include <migrate/revision/revision_file.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"

using namespace migrate;
using namespace migrate::revision;
using migrate::test::plain;

namespace {

constexpr std::string_view sections = "\n-- migrate:upgrade\nSELECT 1;\n-- migrate:downgrade\nSELECT 2;\n";

RevisionFile parsed(const std::string& header) {
  auto file = parse_revision(make_source("a.sql", header + std::string(sections)));
  if (!file) FAIL(plain(file.error().diagnostics));
  return *std::move(file);
}

std::string complaints(const std::string& header) {
  const auto file = parse_revision(make_source("a.sql", header + std::string(sections)));
  return file ? "" : plain(file.error().diagnostics);
}

template <class T>
std::vector<T> values(const std::vector<Located<T>>& items) {
  std::vector<T> result;
  for (const auto& item : items) result.push_back(item.value);
  return result;
}

using Ids = std::vector<RevisionId>;
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a full header is read") {
  const auto source = make_source("migrations/x.sql",
                                  "-- Add status to users\n"
                                  "--\n"
                                  "-- Revision ID: 3f9a1c2b7d10\n"
                                  "-- Revises: 8a1d2e3f4b5c, 0f0f0f0f0f0f\n"
                                  "-- Create Date: 2026-02-26T12:00:00Z\n"
                                  "-- Branch Labels: billing\n"
                                  "-- Depends On: c0ffee123456, accounts\n"
                                  "-- Transaction: none\n"
                                  "--\n"
                                  "-- Why: the login page filters on it. Risk: none.\n" +
                                      std::string(sections));
  const auto file = parse_revision(source);
  REQUIRE(file);
  CHECK(file->path == "migrations/x.sql");
  CHECK(file->header.message == "Add status to users");
  CHECK(file->header.id.value == RevisionId("3f9a1c2b7d10"));
  CHECK(source->text(file->header.id.range) == "3f9a1c2b7d10");
  CHECK(values(file->header.parents) == Ids{RevisionId("8a1d2e3f4b5c"), RevisionId("0f0f0f0f0f0f")});
  CHECK(source->text(file->header.parents[1].range) == "0f0f0f0f0f0f");
  CHECK(file->header.create_date == parse_timestamp("2026-02-26T12:00:00Z"));
  CHECK(values(file->header.labels) == Names{"billing"});
  CHECK(values(file->header.depends_on) == Names{"c0ffee123456", "accounts"});
  CHECK(source->text(file->header.depends_on[1].range) == "accounts");
  CHECK(file->header.transaction_none);
  CHECK(file->header.prose == "Why: the login page filters on it. Risk: none.");
}

TEST_CASE("keys ignore case, and blanks round the colon and the values") {
  const auto header =
      parsed("--A message  \n--REVISION id :x1\n  --   revises:a ,b\n-- CREATE DATE:2026-02-26\n").header;
  CHECK(header.message == "A message");
  CHECK(header.id.value == RevisionId("x1"));
  CHECK(values(header.parents) == Ids{RevisionId("a"), RevisionId("b")});
  CHECK(header.create_date == parse_timestamp("2026-02-26"));
  CHECK_FALSE(header.transaction_none);
}

TEST_CASE("nothing after Revises is a base") {
  CHECK(parsed("-- m\n-- Revision ID: x\n-- Revises:\n").header.parents.empty());
  CHECK(parsed("-- m\n-- Revision ID: x\n-- Revises:   \n").header.parents.empty());
}

TEST_CASE("the date may be left out") {
  CHECK(parsed("-- m\n-- Revision ID: x\n-- Revises: y\n").header.create_date == std::nullopt);
}

TEST_CASE("the first comment line is the message, whatever it looks like") {
  CHECK(parsed("\n\n-- Revise: the price list\n-- Revision ID: x\n-- Revises: y\n").header.message ==
        "Revise: the price list");
  CHECK(parsed("-- Transaction: none of them\n-- Revision ID: x\n-- Revises: y\n").header.message ==
        "Transaction: none of them");
  CHECK(parsed("--\n-- Revision ID: x\n-- Revises: y\n").header.message == "");
}

TEST_CASE("a byte-order mark and CRLF change neither places nor values") {
  const auto source = make_source("a.sql",
                                  "\xEF\xBB\xBF-- m\r\n-- Revision ID: x\r\n-- Revises: y\r\n--\r\n-- Why.\r\n\r\n"
                                  "-- migrate:upgrade\r\nSELECT 1;\r\n-- migrate:downgrade\r\nSELECT 2;\r\n");
  const auto file = parse_revision(source);
  REQUIRE(file);
  CHECK(file->header.message == "m");
  CHECK(file->header.prose == "Why.");
  CHECK(source->text(file->header.parents[0].range) == "y");
  CHECK(source->text(file->upgrade.body) == "SELECT 1;\r\n");
}

TEST_CASE("prose is what is not metadata, wherever it stands") {
  CHECK(parsed("-- m\n-- first\n--\n-- Revision ID: x\n-- Revises: y\n--\n--   indented\n--\n--\n-- Note: b\n-- See: "
               "https://example.org/x\n--\n")
            .header.prose == "first\n\n  indented\n\nNote: b\nSee: https://example.org/x");
}

TEST_CASE("remarks that look like keys are prose below the metadata and above it") {
  for (const std::string remark :
       {"Why: because", "Risk: none", "Note:", "See: https://example.org", "Author: x", "Ticket: ABC-1",
        "Reviewers: a, b", "Reviewed-by: c", "Revision history: none", "Date: today", "Labels on screen: none",
        "Release: 12", "Created by: me", "https://example.org", "::", "Depends on the weather, as ever: yes"}) {
    INFO(remark);
    CHECK(parsed("-- m\n-- Revision ID: x\n-- Revises: y\n--\n-- " + remark + "\n").header.prose == remark);
    CHECK(parsed("-- m\n-- " + remark + "\n-- Revision ID: x\n-- Revises: y\n").header.prose == remark);
  }
}

TEST_CASE("a sentence directly below the metadata ends it") {
  CHECK(parsed("-- m\n-- Revision ID: x\n-- Revises: y\n-- That was it.\n-- Author: x\n").header.prose ==
        "That was it.\nAuthor: x");
}

TEST_CASE("block comments before the sections are passed over") {
  const auto header =
      parsed(
          "/* Copyright /* nested */\n-- Revision ID: no\n*/\n-- m\n/* x */ /* y */\n-- Revision ID: x\n"
          "-- Revises: y\n/* z */\n")
          .header;
  CHECK(header.message == "m");
  CHECK(header.id.value == RevisionId("x"));
}

TEST_CASE("a header may allow a rule for the whole revision") {
  const auto header =
      parsed(
          "-- m\n-- Revision ID: x\n-- migrate:allow ban-drop-column (unused since May)\n-- Revises: y\n"
          "-- migrate:allow other  because I say so\n-- migrate:allow bare\n")
          .header;
  REQUIRE(header.allowances.size() == 3);
  CHECK(header.allowances[0].rule == "ban-drop-column");
  CHECK(header.allowances[0].reason == "unused since May");
  CHECK(header.allowances[1].rule == "other");
  CHECK(header.allowances[1].reason == "because I say so");
  CHECK(header.allowances[2].reason.empty());
  CHECK(values(header.parents) == Ids{RevisionId("y")});
}

TEST_CASE("a slip in a key is an error wherever it stands, so that a parent cannot be lost") {
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Revise: y\n-- Revises:\n") ==
        "unknown-header-key: there is no header key `Revise`\n"
        "  at 3:4 `Revise`\n"
        "  help: did you mean `Revises`?\n"
        "    3:4 `Revise` -> `Revises`\n"
        "  help: a note stands below the metadata, after an empty `--` line\n");
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Revises: y\n--\n-- Depend On: z\n") ==
        "unknown-header-key: there is no header key `Depend On`\n"
        "  at 5:4 `Depend On`\n"
        "  help: did you mean `Depends On`?\n"
        "    5:4 `Depend On` -> `Depends On`\n");
  for (const std::string slip : {"Depends", "Depends-On", "depends_on", "Depneds On", "Branch Label", "BranchLabels",
                                 "Transactions", "Revisse", "Create-Date", "Revision_Id"}) {
    INFO(slip);
    CHECK(complaints("-- m\n-- Revision ID: x\n-- Revises: y\n--\n-- " + slip + ":z\n") != "");
    CHECK(complaints("-- m\n-- " + slip + ": z\n-- Revision ID: x\n-- Revises: y\n") != "");
  }
}

TEST_CASE("an unknown key among the metadata is an error") {
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Author: me\n-- Revises: y\n") ==
        "unknown-header-key: there is no header key `Author`\n"
        "  at 3:4 `Author`\n"
        "  help: a note stands below the metadata, after an empty `--` line\n");
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Revises: y\n-- Label: billing\n") ==
        "unknown-header-key: there is no header key `Label`\n"
        "  at 4:4 `Label`\n"
        "  help: a note stands below the metadata, after an empty `--` line\n");
}

TEST_CASE("metadata apart from the metadata is an error") {
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Revises: y\n--\n-- Depends On: z\n-- Revises: w\n") ==
        "misplaced-header-key: `Depends On` stands apart from the metadata\n"
        "  at 5:4 `Depends On`\n"
        "  and 2:4 `Revision ID` the metadata is here\n"
        "  help: move the line up to the others: the metadata is one block of lines\n"
        "duplicate-header-key: `Revises` stands here twice\n"
        "  at 6:4 `Revises`\n"
        "  and 3:4 `Revises` the first one\n"
        "  help: keep one line; several values are separated by commas\n");
}

TEST_CASE("files without a header say so once") {
  const std::string text = "missing-header: the file does not begin with a revision's header\n";
  CHECK(complaints("") == text +
                              "  at 1:1 ``\n"
                              "  help: `migrate revision -m MESSAGE` writes a file with one\n");
  CHECK(complaints("-- Only a message\n") == text +
                                                 "  at 1:1 `-- Only a message`\n"
                                                 "  help: `migrate revision -m MESSAGE` writes a file with one\n");
}

TEST_CASE("what is missing in a header is named") {
  CHECK(complaints("-- m\n-- Revises: y\n") ==
        "missing-revision-id: the header has no `Revision ID`\n"
        "  at 2:4 `Revises`\n"
        "  help: write `-- Revision ID: ID` beside it; ids are of letters, digits, `_` and `.`\n");
  CHECK(complaints("-- m\n-- Revision ID: x\n") ==
        "missing-revises: the header has no `Revises`\n"
        "  at 2:4 `Revision ID`\n"
        "  help: write `-- Revises: PARENT` beside it, or `-- Revises:` alone where the history begins\n");
  CHECK(complaints("-- Revision ID: x\n-- Revises: y\n") ==
        "missing-message: the first comment line is the message, and here it is metadata\n"
        "  at 1:4 `Revision ID: x`\n"
        "  help: write a line above it that says what the revision does\n");
}

TEST_CASE("a revision has one id") {
  CHECK(complaints("-- m\n-- Revision ID: a b\n-- Revises: y\n") ==
        "invalid-revision-id: `a b` is not a revision id: it has a blank\n"
        "  at 2:17 `a b`\n"
        "  help: a revision has one id; a remark goes below the metadata\n");
}

TEST_CASE("values that are none are all named at once") {
  CHECK(complaints(
            "-- m\n-- Revision ID: a-b\n-- Revises: base, x, , x, y z\n-- Create Date: last week\n-- Branch Labels: "
            "head,\n-- Depends On: caf\xC3\xA9\n-- Transaction: maybe\n") ==
        "invalid-revision-id: `a-b` is not a revision id: it has `-`\n"
        "  at 2:17 `a-b`\n"
        "  help: use letters, digits, `_` and `.`\n"
        "invalid-revision-id: `base` cannot be a revision id: it is a word of targets\n"
        "  at 3:13 `base`\n"
        "  help: a revision without parents has nothing after `Revises:`\n"
        "invalid-header-value: a comma with nothing beside it\n"
        "  at 3:22 ``\n"
        "  help: a list stands on one line, with one comma between two names\n"
        "duplicate-header-value: `x` stands here twice\n"
        "  at 3:24 `x`\n"
        "  and 3:19 `x` the first one\n"
        "  help: leave one out\n"
        "invalid-revision-id: `y z` is not a revision id: it has a blank\n"
        "  at 3:27 `y z`\n"
        "  help: separate several with commas; a remark goes below the metadata\n"
        "invalid-create-date: `last week` is not a date\n"
        "  at 4:17 `last week`\n"
        "  help: write it as 2026-02-26T12:00:00Z\n"
        "invalid-label: `head` cannot be a label: it is a word of targets\n"
        "  at 5:19 `head`\n"
        "  help: choose another name\n"
        "invalid-header-value: a comma with nothing beside it\n"
        "  at 5:24 ``\n"
        "  help: a list stands on one line, with one comma between two names\n"
        "invalid-revision-id: `caf\xC3\xA9` is not a revision id: it has `\xC3\xA9`\n"
        "  at 6:16 `caf\xC3\xA9`\n"
        "  help: use letters, digits, `_` and `.`\n"
        "invalid-header-value: `Transaction` is `none` or left out, not `maybe`\n"
        "  at 7:17 `maybe`\n"
        "  help: without the line a revision is one transaction, as far as its statements allow it\n");
}

TEST_CASE("keys without a value say what they lack") {
  CHECK(complaints("-- m\n-- Revision ID:\n-- Revises:\n-- Create Date:\n-- Transaction:\n") ==
        "missing-revision-id: `Revision ID` has no value\n"
        "  at 2:4 `Revision ID`\n"
        "  help: write an id of letters, digits, `_` and `.` after it\n"
        "invalid-create-date: `Create Date` has no value\n"
        "  at 4:4 `Create Date`\n"
        "  help: write it as 2026-02-26T12:00:00Z\n"
        "invalid-header-value: `Transaction` has no value\n"
        "  at 5:4 `Transaction`\n"
        "  help: without the line a revision is one transaction, as far as its statements allow it\n");
}

TEST_CASE("directives of statements do not belong into the header") {
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Revises: y\n-- migrate:batch rows=5\n-- migrate:allow\n") ==
        "misplaced-directive: `migrate:batch` stands over a statement, not in the header\n"
        "  at 4:1 `-- migrate:batch rows=5`\n"
        "  help: move it into a section, directly over its statement\n"
        "invalid-directive: `migrate:allow` names no rule\n"
        "  at 5:1 `-- migrate:allow`\n"
        "  help: write `-- migrate:allow RULE (reason)`; `migrate lint` says which rule it was\n");
}

TEST_CASE("a block comment that does not end hides the sections") {
  CHECK(complaints("-- m\n-- Revision ID: x\n-- Revises: y\n/* Copyright\n") ==
        "unterminated-comment: a `/*` comment does not end\n"
        "  at 4:1 `/*`\n"
        "missing-upgrade: there is no upgrade section\n"
        "  at 10:1 ``\n"
        "  help: put a line `-- migrate:upgrade` above the statements that make the change, and `-- migrate:downgrade` "
        "above those that undo it\n");
}

TEST_CASE("a broken file still tells its id") {
  const auto id_of = [](const std::string& text) { return read_revision_id(make_source("a.sql", text)).str(); };
  CHECK(id_of("-- a\n-- Revision ID: 1975ea\n-- Revises: ?\nSELECT 1;\n-- migrate:upgrad\n") == "1975ea");
  CHECK(id_of("-- Revision ID: 1975ea\n").empty());
  CHECK(id_of("-- a\n-- Revision ID: 1975-ea\n").empty());
  CHECK(id_of("").empty());
}
