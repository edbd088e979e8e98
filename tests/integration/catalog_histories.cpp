/// \file
/// Real histories of other projects: after each of their migrations, the schema that was followed statement by
/// statement is the one that the server has.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "integration/catalog_support.hpp"

using namespace migrate;
using namespace migrate::test;
namespace fs = std::filesystem;

namespace {

std::string text_of_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

bool is_transaction_control(const sql::Model& model) { return std::holds_alternative<sql::Transaction>(model.action); }

struct Migration {
  std::string name;
  bool transaction = true;
};

std::vector<Migration> migrations_of(const fs::path& history) {
  std::istringstream lines(text_of_file(history / "roundtrip.tsv"));
  std::vector<Migration> all;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const auto tab = line.find('\t');
    all.push_back({line.substr(0, tab), !line.substr(tab + 1).starts_with("notx")});
  }
  return all;
}

// False where the server refuses.
bool run_and_follow(Connection& connection, catalog::Schema& told, const SourcePtr& source, bool transaction) {
  if (transaction) connection.execute("BEGIN");
  for (const auto& statement : statements_of(source)) {
    const sql::Model model = sql::read_model(source, statement.range);
    if (transaction && is_transaction_control(model)) continue;
    try {
      connection.execute(std::string(source->text(statement.range)));
    } catch (const std::runtime_error& error) {
      WARN("ends at " << source->path() << ": " << error.what());
      return false;
    }
    apply(told, model, {});
  }
  connection.execute(transaction ? "COMMIT" : "SELECT");
  for (const auto* reset : {"RESET ALL", "DISCARD TEMP"}) connection.execute(reset);
  return true;
}

// `unlike`: what only the server can know, as parts of lines.
void compare(const std::string& name, std::size_t at_least, std::vector<std::string> unlike = {}) {
  const auto history = fs::path(MIGRATE_SOURCE_DIR "/../shared/corpora/histories") / name;
  if (!fs::exists(history)) {
    std::cerr << "SKIPPED: there is no " << history.string() << '\n';
    return;
  }
  TestDatabase database;
  auto connection = database.connect();
  auto told = empty_schema();
  std::size_t done = 0;
  for (const auto& migration : migrations_of(history)) {
    const auto source = make_source(migration.name, text_of_file(history / (migration.name + ".up.sql")));
    if (!run_and_follow(connection, told, source, migration.transaction)) break;
    end_revision(told, catalog::Rows::none);
    ++done;
  }
  CHECK(done >= at_least);
  // ALTER SEQUENCE ... OWNED BY is not followed: such a sequence is nobody's, and outlives its table.
  unlike.insert(unlike.end(), {" owned by ", "sequence public."});
  const auto left_out = [&](const std::string& line) {
    return std::any_of(unlike.begin(), unlike.end(),
                       [&](const std::string& part) { return line.find(part) != std::string::npos; });
  };
  CHECK(differences(told, read_everything(database), left_out) == "");
}

}  // namespace

TEST_CASE("a history that is followed gives the server's schema: docs-rs") { compare("docs-rs", 33); }
TEST_CASE("a history that is followed gives the server's schema: concourse") { compare("concourse", 149); }
TEST_CASE("a history that is followed gives the server's schema: openmeter") { compare("openmeter", 269); }
TEST_CASE("a history that is followed gives the server's schema: crates-io") {
  // Types of an extension.
  compare("crates-io", 285, {"ltree", "lquery", "ltxtquery", "gtrgm"});
}
TEST_CASE("a history that is followed gives the server's schema: hatchet") {
  // Functions make partitions with names of the day, and blocks of code change a table.
  compare("hatchet", 181, {"_202", " used by ", "v1_events_olap"});
}
