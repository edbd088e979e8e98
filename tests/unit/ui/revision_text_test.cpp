#include "ui/revision_text.hpp"

#include "support/catch.hpp"

using namespace migrate;

TEST_CASE("what files and journals say of a revision never reaches the terminal as a command") {
  ops::RevisionLine line;
  line.revision = {.id = revision::RevisionId("3f2a"), .message = "a\x1b[2J", .path = "migrations/\x1b]0;x\x07.sql"};
  line.journal = ops::JournalFacts{};
  line.journal->applied_by = "me\x1b[31m";
  line.journal->applied_at = Timestamp{};

  const ui::Style plain;
  const auto list = ui::render_list({&line, 1}, plain, true, "");
  CHECK(list.find('\x1b') == std::string::npos);
  CHECK(list.find('\x07') == std::string::npos);
  CHECK(list.find("migrations/\\x1b]0;x\\x07.sql") != std::string::npos);
  CHECK(list.find("me\\x1b[31m") != std::string::npos);
  CHECK(ui::render_name(line.revision, plain) == "3f2a  a\\x1b[2J");
  CHECK(ui::state_of(*line.journal, Timestamp{}, ui::Author::named).find('\x1b') == std::string::npos);
}
