#include <migrate/revision/revision_file.hpp>

#include <migrate/base/digest.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"

using namespace migrate;
using namespace migrate::revision;
using migrate::test::plain;
using namespace std::chrono_literals;

namespace {

const std::string header = "-- m\n-- Revision ID: x\n-- Revises: y\n";  // three lines
const std::string merge_header = "-- m\n-- Revision ID: x\n-- Revises: y, z\n";

struct Parsed {
  SourcePtr source;
  RevisionFile file;
  [[nodiscard]] std::string_view upgrade() const { return source->text(file.upgrade.body); }
  [[nodiscard]] std::string_view downgrade() const { return source->text(file.downgrade->body); }
};

Parsed parsed(const std::string& text) {
  auto source = make_source("a.sql", text);
  auto file = parse_revision(source);
  if (!file) FAIL(plain(file.error().diagnostics));
  return {source, *std::move(file)};
}

std::string complaints(const std::string& text) {
  const auto file = parse_revision(make_source("a.sql", text));
  return file ? "" : plain(file.error().diagnostics);
}

/// What keeps a file from being run that is well otherwise.
std::string unwritten(const std::string& text) {
  const auto file = parse_revision(make_source("a.sql", text));
  REQUIRE(file);
  return plain(file->unwritten);
}

}  // namespace

TEST_CASE("sections go from the line below their marker to the next marker or the end") {
  const auto result = parsed(header + "\n-- migrate:upgrade\nSELECT 1;\n\n  -- migrate:downgrade  \nSELECT 2;");
  CHECK(result.upgrade() == "SELECT 1;\n\n");
  CHECK(result.downgrade() == "SELECT 2;");
  CHECK(result.source->text(result.file.upgrade.marker) == "-- migrate:upgrade");
  CHECK(result.source->text(result.file.downgrade->marker) == "-- migrate:downgrade");
  CHECK_FALSE(result.file.irreversible);
}

TEST_CASE("short words, no blank, upper case and the other order are sections too") {
  const auto result = parsed(header + "--migrate:DOWN\nSELECT 2;\n-- Migrate:Up\nSELECT 1;\n");
  CHECK(result.upgrade() == "SELECT 1;\n");
  CHECK(result.downgrade() == "SELECT 2;\n");
}

TEST_CASE("a section's options are read") {
  const auto options =
      parsed(header +
             "-- migrate:upgrade transaction=none lock_timeout=5s statement_timeout=2min retry_for=1h\nSELECT 1;\n"
             "-- migrate:downgrade Lock_Timeout=0\nSELECT 2;\n");
  CHECK(options.file.upgrade.options == SectionOptions{true, 5000ms, 120000ms, 3600000ms});
  CHECK(options.file.downgrade->options == SectionOptions{false, 0ms, std::nullopt});
}

TEST_CASE("markers inside literals, dollar quotes, comments and COPY data are text") {
  const std::string hidden = "\n-- migrate:downgrade\n-- migrate:nonsense\n";
  for (const std::string& upgrade :
       {"SELECT '" + hidden + "';\n", "SELECT \"" + hidden + "\";\n", "SELECT $$" + hidden + "$$;\n",
        "SELECT $a$" + hidden + "$$ $a$;\n", "/* /* */" + hidden + "*/ SELECT 1;\n", "SELECT E'\\'" + hidden + "';\n",
        "COPY t FROM stdin;\nit's" + hidden + "\\.\n"}) {
    INFO(upgrade);
    const auto result = parsed(header + "-- migrate:upgrade\n" + upgrade + "-- migrate:downgrade\nSELECT 2;\n");
    CHECK(result.upgrade() == upgrade);
    CHECK(result.downgrade() == "SELECT 2;\n");
  }
}

TEST_CASE("quotes that are closed again hide nothing") {
  for (const std::string upgrade :
       {"SELECT 'it''s', \"a\"\"b\"; -- don't\n", "SELECT E'\\\\'; /* ' */\n", "SELECT $x$'$x$, 5 $1;\n",
        "SELECT 1 - 2 / 3;\n", "COPY t FROM stdin;\nit's\n\\.\n"}) {
    INFO(upgrade);
    const auto result = parsed(header + "-- migrate:upgrade\n" + upgrade + "-- migrate:downgrade\nSELECT 2;\n");
    CHECK(result.upgrade() == upgrade);
  }
}

TEST_CASE("a comment after a statement is no marker") {
  const auto result =
      parsed(header + "-- migrate:upgrade\nSELECT 1; -- migrate:nonsense\n-- migrate:downgrade\nSELECT 2;\n");
  CHECK(result.upgrade() == "SELECT 1; -- migrate:nonsense\n");
}

TEST_CASE("directives of statements and remarks stay in their section") {
  const std::string body =
      "-- migrate:allow x (y)\n-- migrate: up to 5 rows\n-- migrate:\n-- migrate:batch rows=5\nSELECT 1;\n"
      "-- migrate:assert\nSELECT true;\n";
  CHECK(parsed(header + "-- migrate:upgrade\n" + body + "-- migrate:downgrade\nSELECT 2;\n").upgrade() == body);
}

TEST_CASE("an irreversible downgrade gives its reason on the line or below it") {
  const auto reason_of = [](const std::string& text) {
    const auto result = parsed(header + "-- migrate:upgrade\nSELECT 1;\n" + text);
    CHECK_FALSE(result.file.downgrade);
    REQUIRE(result.file.irreversible);
    return result.file.irreversible->reason;
  };
  CHECK(reason_of("-- migrate:downgrade irreversible the rows are gone\n") == "the rows are gone");
  CHECK(reason_of("-- migrate:downgrade irreversible: the rows are gone") == "the rows are gone");
  CHECK(reason_of("-- migrate:down Irreversible (the rows are gone)\n-- not this\n") == "the rows are gone");
  CHECK(reason_of("-- migrate:downgrade irreversible\n\n-- the rows\n-- are gone\n\n-- not this\n") ==
        "the rows\nare gone");
}

TEST_CASE("a merge may be empty both ways") {
  const auto result = parsed(merge_header + "-- migrate:upgrade\n\n-- migrate:downgrade\n");
  CHECK(result.upgrade() == "\n");
  CHECK(result.downgrade() == "");
}

TEST_CASE("a section without a statement is still to be written in other revisions") {
  const std::string message =
      "empty-upgrade: the upgrade section is empty\n"
      "  at 4:1 `-- migrate:upgrade`\n"
      "  help: write the statements that make the change below this line\n"
      "empty-downgrade: the downgrade section is empty\n"
      "  at 6:1 `-- migrate:downgrade`\n"
      "  help: write the statements that undo the change below this line\n"
      "  help: where nothing can undo it, say why: `-- migrate:downgrade irreversible: REASON`\n";
  CHECK(unwritten(header + "-- migrate:upgrade\n\n-- migrate:downgrade\n") == message);
  CHECK(unwritten(header + "-- migrate:upgrade\n-- todo /* ; */ ;\n-- migrate:downgrade\n/* x /* y */ */ ;;\n") ==
        message);
}

TEST_CASE("an irreversible downgrade without a reason, or with statements, is an error") {
  CHECK(complaints(header + "-- migrate:upgrade\nSELECT 1;\n-- migrate:downgrade irreversible\nSELECT 2;\n") ==
        "missing-reason: the downgrade is irreversible, and no reason is given\n"
        "  at 6:1 `-- migrate:downgrade irreversible`\n"
        "  help: say what cannot be brought back: `-- migrate:downgrade irreversible: the old values are gone`\n"
        "irreversible-with-statements: the downgrade is irreversible, but has statements\n"
        "  at 7:1 `SELECT 2;`\n"
        "  and 6:1 `-- migrate:downgrade irreversible`\n"
        "  help: take out the word `irreversible`, or the statements\n");
}

TEST_CASE("a file without sections is told where they go") {
  CHECK(complaints(header + "CREATE TABLE t ();\n") ==
        "missing-upgrade: there is no upgrade section\n"
        "  at 4:1 `CREATE TABLE t ();`\n"
        "  help: put a line `-- migrate:upgrade` above the statements that make the change, and `-- migrate:downgrade` "
        "above those that undo it\n");
}

TEST_CASE("a file of plain SQL has neither header nor sections") {
  CHECK(complaints("CREATE TABLE t ();\n") ==
        "missing-header: the file does not begin with a revision's header\n"
        "  at 1:1 `CREATE TABLE t ();`\n"
        "  help: `migrate revision -m MESSAGE` writes a file with one\n"
        "missing-upgrade: there is no upgrade section\n"
        "  at 1:1 `CREATE TABLE t ();`\n"
        "  help: put a line `-- migrate:upgrade` above the statements that make the change, and `-- migrate:downgrade` "
        "above those that undo it\n");
}

TEST_CASE("each section is asked for") {
  CHECK(complaints(header + "-- migrate:upgrade\nSELECT 1;\n") ==
        "missing-downgrade: there is no downgrade section\n"
        "  at 4:1 `-- migrate:upgrade`\n"
        "  help: put the statements that undo the change below a line `-- migrate:downgrade`\n"
        "  help: where nothing can undo it, say why: `-- migrate:downgrade irreversible: REASON`\n");
  CHECK(complaints(header + "-- migrate:downgrade\nSELECT 1;\n") ==
        "missing-upgrade: there is no upgrade section\n"
        "  at 4:1 `-- migrate:downgrade`\n"
        "  help: put the statements that make the change below a line `-- migrate:upgrade`\n");
}

TEST_CASE("a literal that swallows the downgrade section is what is wrong") {
  CHECK(complaints(header + "-- migrate:upgrade\nSELECT 'oops;\n-- migrate:downgrade\nSELECT 2;\n") ==
        "unterminated-literal: unterminated quoted string\n"
        "  at 5:8 ``\n"
        "  and 6:1 `-- migrate:downgrade` swallows this section\n"
        "  help: end the literal or comment before the section ends\n");
}

TEST_CASE("a downgrade marker that is text does not count") {
  CHECK(complaints(header + "-- migrate:upgrade\nSELECT '\n-- migrate:downgrade\nSELECT 2;\n';") ==
        "missing-downgrade: there is no downgrade section\n"
        "  at 4:1 `-- migrate:upgrade`\n"
        "  and 6:1 `-- migrate:downgrade` this one stands inside a literal or comment\n"
        "  help: put the statements that undo the change below a line `-- migrate:downgrade`\n"
        "  help: where nothing can undo it, say why: `-- migrate:downgrade irreversible: REASON`\n");
}

TEST_CASE("two sections of a kind are an error") {
  CHECK(complaints(header + "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n-- migrate:upgrade\nSELECT 3;\n") ==
        "duplicate-section: there are two upgrade sections\n"
        "  at 8:1 `-- migrate:upgrade`\n"
        "  and 4:1 `-- migrate:up` the first one\n"
        "  help: a revision has one of each: join the two, or make two revisions of the file\n");
}

TEST_CASE("statements before the first section are an error, not lost") {
  CHECK(complaints("-- m\nSET ROLE x;\n-- Revision ID: x\n-- Revises: y\nSELECT 0;\n-- migrate:up\nSELECT 1;\n-- "
                   "migrate:down\nSELECT 2;\n") ==
        "text-before-section: a statement stands before the first section\n"
        "  at 2:1 `SET ROLE x;`\n"
        "  and 6:1 `-- migrate:up` the first section\n"
        "  help: move it below the line of its section: it would not be run where it is\n");
}

TEST_CASE("unknown section words are errors with the nearest") {
  CHECK(complaints(header + "-- migrate:upgade\nSELECT 1;\n-- migrate:downgrade\nSELECT 2;\n") ==
        "unknown-section: there is no section `migrate:upgade`\n"
        "  at 4:12 `upgade`\n"
        "  help: did you mean `migrate:upgrade`?\n"
        "    4:12 `upgade` -> `upgrade`\n");
}

TEST_CASE("a blank in a section marker is told, so that the section does not become a comment") {
  CHECK(complaints(header + "-- migrate:up\nSELECT 1;\n-- migrate: downgrade\nSELECT 2;\n-- migrate:rollback\n") ==
        "unknown-section: a section marker is written without a blank after `migrate:`\n"
        "  at 6:12 ` downgrade`\n"
        "  help: write `migrate:downgrade`\n"
        "unknown-section: there is no section `migrate:rollback`\n"
        "  at 8:12 `rollback`\n"
        "  help: sections are `migrate:upgrade` and `migrate:downgrade`; `migrate:allow`, `batch` and `assert` stand "
        "over "
        "statements\n");
}

TEST_CASE("wrong options are all named at once") {
  CHECK(complaints(header + "-- migrate:upgrade transaction=no lock_timeout=soon locktimeout=1s lock_timeout=1s x "
                            "irreversible\nSELECT 1;\n-- migrate:downgrade transaction:false\nSELECT 2;\n") ==
        "invalid-option: `transaction` can only be `none`, not `no`\n"
        "  at 4:32 `no`\n"
        "  help: without it a section is one transaction, as far as its statements allow it\n"
        "invalid-option: `soon` is not a time\n"
        "  at 4:48 `soon`\n"
        "  help: write 500ms, 5s, 2min or 1h; 0 is no limit\n"
        "invalid-option: `locktimeout` is not an option of a section\n"
        "  at 4:53 `locktimeout=1s`\n"
        "  help: did you mean `lock_timeout=...`?\n"
        "invalid-option: `lock_timeout` stands here twice\n"
        "  at 4:68 `lock_timeout=1s`\n"
        "  help: leave one out\n"
        "invalid-option: `x` is not an option of a section\n"
        "  at 4:84 `x`\n"
        "  help: options are `transaction=none`, `lock_timeout=5s`, `retry_for=10min`, `statement_timeout=1min` and "
        "`irreversible`\n"
        "invalid-option: `irreversible` is said of a downgrade\n"
        "  at 4:86 `irreversible`\n"
        "  help: move it to the line `-- migrate:downgrade irreversible`\n"
        "invalid-option: `transaction:false` is how dbmate says it\n"
        "  at 6:22 `transaction:false`\n"
        "  help: write `transaction=none`\n"
        "    6:22 `transaction:false` -> `transaction=none`\n");
}

TEST_CASE("bytes that are no text are refused") {
  CHECK(complaints("-- m\xFF\n") ==
        "not-utf8: the file is not UTF-8\n"
        "  at 1:5 `\xFF` byte 0xff\n"
        "  help: save the file as UTF-8\n");
  const std::string nul(1, '\0');
  CHECK(complaints("-- m\n" + nul) == "not-utf8: the file holds a NUL byte\n  at 2:1 `" + nul +
                                          "`\n  help: is it a text? PostgreSQL takes no NUL in SQL\n");
}

TEST_CASE("the raw checksum is of the bytes, byte-order mark left out and CRLF as LF") {
  CHECK(raw_checksum("a\nb\n") == sha256_hex("a\nb\n"));
  CHECK(raw_checksum("a\r\nb\r\n") == sha256_hex("a\nb\n"));
  CHECK(raw_checksum("a\rb\r\r\n") == sha256_hex("a\rb\r\n"));
  CHECK(raw_checksum("") == sha256_hex(""));
  const std::string text = header + "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n";
  CHECK(parsed(text).file.raw_checksum == sha256_hex(text));
  CHECK(parsed("\xEF\xBB\xBF" + text).file.raw_checksum == sha256_hex(text));
}
