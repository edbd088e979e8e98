// docs/reference/locks.md is the table of effects in words. GOLDEN_OVERWRITE=1 writes it anew.
#include <cstdlib>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/rules/effects.hpp>

#include "support/catch.hpp"

namespace migrate::test {
namespace {

using rules::EffectRow;
using rules::Part;
using rules::Touch;

constexpr std::string_view head = R"(# Locks and work of statements

What a statement locks, and what it does to whole tables, as `migrate plan` tells it and the rules use it. It was
measured: the test `effects` replays every row on PostgreSQL 14, 15, 16, 17 and 18, on a plain table and on a
partitioned one, and compares the locks (`pg_locks`), rewritten files (`pg_class.relfilenode`), scans and index builds
with this table. This page is made from the table in the program, and a test holds it to that.

Of a relation the strongest lock counts: a statement may be several rows, and an ALTER TABLE with several commands runs
under the strongest lock of them. SHARE and all above it block writes; only ACCESS EXCLUSIVE blocks reads; SHARE UPDATE
EXCLUSIVE blocks other changes of the table, and VACUUM. Partitions and children are locked with their table unless
it says ONLY. An index is named only where its lock is stronger than its table's. A rewrite builds the table's indexes
anew. "Maybe": it depends on what only the server knows.

| Statement | Lock | Work | Other relations | Notes |
| --- | --- | --- | --- | --- |
)";

std::string work_text(std::string_view work) {
  std::string text;
  const auto add = [&](char letter, std::string_view words) {
    const char small = static_cast<char>(letter - 'A' + 'a');
    const bool sure = work.find(letter) != std::string_view::npos;
    if (!sure && work.find(small) == std::string_view::npos) return;
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", sure ? "" : "maybe ", words);
  };
  add('R', "rewrite");
  add('S', "scan");
  add('I', "index build");
  return text;
}

std::string_view part_name(Part part) {
  switch (part) {
    case Part::other: return "the other one";
    case Part::table: return "its table";
    case Part::default_partition: return "the default partition";
    case Part::parent: return "the partitioned table";
    case Part::reads: return "what is read";
    case Part::dependents: return "what depends on it";
    case Part::sequences: return "its sequences";
    case Part::indexes: return "its indexes";
    case Part::referenced: return "referenced tables";
    case Part::referencing: return "referencing tables";
    default: return rules::to_text(part);
  }
}

bool is_empty(const Touch& touch) { return touch.lock == rules::LockMode::none && touch.work.empty(); }

std::string other_text(const EffectRow& row) {
  const Touch& target = row.touches.front();
  std::string text;
  for (const Touch& touch : row.touches) {
    if (is_empty(touch) || touch.part == Part::target) continue;
    const bool as_target = touch.part == Part::partitions && touch.lock == target.lock && touch.work == target.work;
    const std::string work = work_text(touch.work);
    text += text.empty() ? "" : "; ";
    text += as_target ? std::string("partitions alike")
                      : fmt::format("{}: {}{}{}", part_name(touch.part), to_text(touch.lock),
                                    work.empty() || touch.lock == rules::LockMode::none ? "" : ", ", work);
  }
  return text;
}

std::string notes_text(const EffectRow& row) {
  std::string versions;
  if (row.since > 0 && row.until < 99) {
    versions =
        row.since == row.until ? fmt::format("{} only", row.since) : fmt::format("{} to {}", row.since, row.until);
  } else if (row.since > 0) {
    versions = fmt::format("since {}", row.since);
  } else if (row.until < 99) {
    versions = fmt::format("until {}", row.until);
  }
  std::string text;
  for (const std::string_view part :
       {std::string_view(versions), row.transaction ? std::string_view() : "not in a transaction block", row.note}) {
    if (!part.empty()) text += fmt::format("{}{}", text.empty() ? "" : "; ", part);
  }
  return text;
}

std::string render() {
  std::string text(head);
  for (const EffectRow& row : rules::effect_rows()) {
    const Touch& target = row.touches.front();
    const bool named = target.part == Part::target;
    text += fmt::format("| {} | {} | {} | {} | {} |\n", row.statement, named ? to_text(target.lock) : "",
                        named ? work_text(target.work) : "", other_text(row), notes_text(row));
  }
  return text;
}

TEST_CASE("the page about locks is the table of effects") {
  const std::string path = MIGRATE_SOURCE_DIR "/docs/reference/locks.md";
  const std::string text = render();
  if (std::getenv("GOLDEN_OVERWRITE") != nullptr) {
    REQUIRE(write_file_atomically(path, text));
  }
  const auto there = read_file(path);
  REQUIRE(there);
  CHECK(*there == text);
}

}  // namespace
}  // namespace migrate::test
