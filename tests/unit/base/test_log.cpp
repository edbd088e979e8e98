#include <cstdio>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <migrate/base/file.hpp>
#include <migrate/base/log.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace migrate;

namespace {

/// What `action` writes to stderr.
template <class Action>
std::string stderr_of(const std::filesystem::path& file, const Action& action) {
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  const int target = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(target, STDERR_FILENO);
  action();
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(target);
  ::close(before);
  return read_file(file).value();
}

}  // namespace

TEST_CASE("the log is silent until asked, and then says what its level allows") {
  const test::TemporaryFolder folder;
  const auto speak = [] {
    log::write(log::Level::warn, "careful");
    log::debug("{} bytes {{}}", 42);
    log::trace("sql");
  };
  CHECK(stderr_of(folder / "log", speak).empty());

  log::set_level(log::Level::debug);
  CHECK(log::enabled(log::Level::debug));
  CHECK_FALSE(log::enabled(log::Level::trace));
  CHECK_FALSE(log::enabled(log::Level::off));
  const auto text = stderr_of(folder / "log", speak);
  log::set_level(log::Level::off);
  CHECK(text.find(" warning: careful\n") != std::string::npos);
  CHECK(text.find(" debug: 42 bytes {}\n") != std::string::npos);
  CHECK(text.find("sql") == std::string::npos);
}

TEST_CASE("whoever owns the terminal's last line writes the log's lines") {
  const test::TemporaryFolder folder;
  std::vector<std::string> lines;
  log::set_level(log::Level::debug);
  log::set_writer([&](std::string_view text) { lines.emplace_back(text); });
  CHECK(stderr_of(folder / "log", [] { log::debug("asked"); }).empty());
  log::set_writer({});
  CHECK_FALSE(stderr_of(folder / "log", [] { log::debug("again"); }).empty());
  log::set_level(log::Level::off);
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().ends_with(" debug: asked\n"));
}
