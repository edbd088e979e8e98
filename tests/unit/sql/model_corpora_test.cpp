// Every statement of the corpora as a model: nothing crashes, every range lies in its statement, and names stand where
// their ranges say.
#include <algorithm>
#include <filesystem>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/sql/statement.hpp>

#include "unit/sql/model_ranges.hpp"
#include "unit/sql/models.hpp"
#include "unit/sql/sections.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

std::vector<std::filesystem::path> corpus_files() {
  std::vector<std::filesystem::path> files;
  for (const char* corpus : {"histories", "schema-diff"}) {
    const std::filesystem::path folder = std::filesystem::path(MIGRATE_SOURCE_DIR "/../shared/corpora") / corpus;
    if (!std::filesystem::is_directory(folder)) {
      WARN("SKIPPED: the corpus " << corpus << " is not beside the project");
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() == ".sql") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool has_plpgsql(const sql::Model& model) {
  const auto* function = std::get_if<sql::CreateFunction>(&model.action);
  const auto* block = std::get_if<sql::DoBlock>(&model.action);
  return (function && function->language == "plpgsql") || (block && block->language == "plpgsql");
}

}  // namespace

TEST_CASE("every statement of the corpora is read, and its ranges are those of what they name") {
  std::size_t read = 0;
  std::size_t unread = 0;
  std::size_t others = 0;
  std::size_t bodies = 0;
  std::size_t unread_bodies = 0;
  for (const auto& path : corpus_files()) {
    const auto text = read_file(path);
    REQUIRE(text);
    const auto source = make_source(path.string(), *text);
    const auto statements = sql::split_statements(source, whole(source));
    if (!statements) continue;
    for (const auto& statement : *statements) {
      INFO(path.string() << ": " << source->text(statement.range));
      const auto model = sql::read_model(source, statement.range);
      const auto facts = sql::examine_statement(source->text(statement.range));
      REQUIRE(model.parsed == facts.parsed);
      ++(model.parsed ? read : unread);
      if (std::holds_alternative<sql::Other>(model.action)) {
        ++others;
        REQUIRE(std::get<sql::Other>(model.action).tag == facts.tag);
      }
      if (has_plpgsql(model)) ++(sql::read_plpgsql(source->text(statement.range)).parsed ? bodies : unread_bodies);
      RangeCheck check(*source, statement.range);
      check.check(model);
      const auto problems = check.problems();
      REQUIRE(problems == std::vector<std::string>{});
    }
  }
  INFO(read << " read, " << unread << " unknown to the parser, " << others << " by their tag alone; bodies: " << bodies
            << " read, " << unread_bodies << " not");
  CHECK(unread_bodies * 10 <= bodies);
  CHECK(unread * 50 <= read);
}
