/// \file
/// A project in a folder of its own, and the program that works on it.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/child_program.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"

namespace migrate::test {

using Variables = std::vector<std::pair<std::string, std::string>>;

class Project {
 public:
  explicit Project(std::string url, std::string_view settings = {}) : url_(std::move(url)) {
    folder_.write("migrate.toml", fmt::format("[migrations]\ndirectory = \"migrations\"\n{}", settings));
  }

  /// After the one that was added before it.
  void add(const std::string& id, std::string_view upgrade, std::string_view downgrade = "SELECT 1;") {
    folder_.write(fmt::format("migrations/{}_revision.sql", id),
                  fmt::format("-- revision {}\n--\n-- Revision ID: {}\n-- Revises:{}{}\n\n-- migrate:upgrade\n{}\n\n"
                              "-- migrate:downgrade\n{}\n",
                              id, id, parent_.empty() ? "" : " ", parent_, upgrade, downgrade));
    parent_ = id;
  }
  void write(const std::string& name, std::string_view text) { folder_.write(name, text); }

  [[nodiscard]] std::unique_ptr<ChildProgram> start(std::vector<std::string> words, const Variables& more = {}) const {
    words.insert(words.begin(), MIGRATE_PROGRAM);
    Variables variables{{"PATH", "/usr/bin:/bin"}, {"HOME", folder_.path().string()}, {"NO_COLOR", "1"}};
    if (!url_.empty()) variables.emplace_back("DATABASE_URL", url_);
    variables.insert(variables.end(), more.begin(), more.end());
    return std::make_unique<ChildProgram>(std::move(words), variables, folder_.path());
  }
  [[nodiscard]] ChildEnd run(std::vector<std::string> words, const Variables& more = {}) const {
    return start(std::move(words), more)->wait(std::chrono::minutes(2));
  }

 private:
  TemporaryFolder folder_;
  std::string url_, parent_;
};

/// An end with the exit code that a test wants; what the program said is shown where it has another.
inline ChildEnd with_exit_code(int wanted, ChildEnd end) {
  INFO(end.output);
  CHECK(end.exit_code == wanted);
  return end;
}

/// Servers come without pg_dump where they are not a distribution's.
inline bool lacks_programs(const ChildEnd& end) {
  if (end.output.find("error[no-client-programs]") == std::string::npos) return false;
  WARN("no pg_dump for PostgreSQL " << TestServer::instance().major() << " is installed: not tested");
  return true;
}

inline bool holds(const ChildEnd& end, std::string_view words) { return end.output.find(words) != std::string::npos; }

}  // namespace migrate::test
