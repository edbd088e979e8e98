// What the tests of the executor share.
#pragma once

#include "integration/run_ground.hpp"

namespace migrate::test {

// A database with a journal, and a session on it.
struct ExecutorGround : RunGround {
  using RunGround::RunGround;

  std::string told_of(const db::RevisionRun& revision, bool show_detail = false) {
    const std::string text = told(failure_of(revision), revision, session, show_detail);
    // The name differs from run to run.
    std::string stable;
    for (const auto part : split(text, '\n')) {
      std::string line(part);
      for (std::size_t at = 0; (at = line.find(database.name())) != std::string::npos;) {
        line.replace(at, database.name().size(), "app_dev");
      }
      stable += line + "\n";
    }
    stable.pop_back();
    return stable;
  }
  std::string here(const std::string& sql) { return must(session.query(sql)).front().front().value_or("null"); }
};

}  // namespace migrate::test
