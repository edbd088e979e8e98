#include <algorithm>
#include <csignal>
#include <filesystem>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <migrate/base/file.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace migrate;
using migrate::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

/// Files can't grow past `bytes` while it lives: a write then fails in its middle, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

}  // namespace

TEST_CASE("files are read whole, whatever they hold") {
  const TemporaryFolder folder;
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 1'000'000U}) {
    std::string text(size, 'x');
    if (size > 1) text[1] = '\0';
    CHECK(read_file(folder.write("file", text)).value() == text);
  }
}

TEST_CASE("files that do not tell their size are read whole too") {
  const auto text = read_file("/proc/self/status");
  REQUIRE(text);
  CHECK(text->find("VmPeak") != std::string::npos);
}

TEST_CASE("a file that cannot be read is named, with the reason and what to do") {
  const TemporaryFolder folder;
  const auto missing = read_file(folder / "missing.toml");
  REQUIRE_FALSE(missing);
  const auto& diagnostic = missing.error().diagnostics.at(0);
  CHECK(diagnostic.id == "unreadable-file");
  CHECK(diagnostic.message == "cannot read `" + (folder / "missing.toml").string() + "`: no such file or directory");
  CHECK(diagnostic.file == (folder / "missing.toml").string());
  CHECK(diagnostic.helps.at(0).message == "check the path");

  const auto directory = read_file(folder.path());
  REQUIRE_FALSE(directory);
  CHECK(directory.error().diagnostics.at(0).message == "cannot read `" + folder.path().string() + "`: it is a folder");
}

TEST_CASE("a new file gets the permissions of the umask, an old one keeps its own") {
  const TemporaryFolder folder;
  const auto mask = ::umask(027);
  CHECK(write_file_atomically(folder / "new", "one").has_value());
  ::umask(mask);
  CHECK(mode_of(folder / "new") == 0640);

  fs::permissions(folder / "new", fs::perms{0604});
  CHECK(write_file_atomically(folder / "new", "two").has_value());
  CHECK(mode_of(folder / "new") == 0604);
  CHECK(read_file(folder / "new").value() == "two");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"new"});
}

TEST_CASE("writing through a symbolic link replaces what it points to") {
  const TemporaryFolder folder;
  folder.write("real/file", "old");
  fs::create_symlink("real/file", folder / "link");
  CHECK(write_file_atomically(folder / "link", "new").has_value());
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(read_file(folder / "real/file").value() == "new");
}

TEST_CASE("a write that fails leaves the old file and nothing else") {
  const TemporaryFolder folder;
  folder.write("file", "old");
  {
    const FileSizeLimit limit(1000);
    const auto written = write_file_atomically(folder / "file", std::string(5000, 'x'));
    REQUIRE_FALSE(written);
    CHECK(written.error().diagnostics.at(0).id == "unwritable-file");
    CHECK(written.error().diagnostics.at(0).message ==
          "cannot write `" + (folder / "file").string() + "`: file too large");
  }
  CHECK(read_file(folder / "file").value() == "old");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"file"});
}

TEST_CASE("a full disk is told as one") {
  if (!fs::exists("/dev/full")) {
    WARN("skipped: there is no /dev/full");
    return;
  }
  const auto written = write_file_atomically("/dev/full", "x");
  REQUIRE_FALSE(written);
  const auto& diagnostic = written.error().diagnostics.at(0);
  CHECK(diagnostic.message == "cannot write `/dev/full`: no space left on device");
  CHECK(diagnostic.helps.at(0).message == "make room on the file system of `/dev`, then run the command again");
}

TEST_CASE("a device is written to, never replaced") {
  CHECK(write_file_atomically("/dev/null", "x").has_value());
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("folders cannot be written, and are not created") {
  const TemporaryFolder folder;
  const auto onto_folder = write_file_atomically(folder.path(), "x");
  REQUIRE_FALSE(onto_folder);
  CHECK(onto_folder.error().diagnostics.at(0).message ==
        "cannot write `" + folder.path().string() + "`: is a directory");
  const auto into_missing = write_file_atomically(folder / "no/file", "x");
  REQUIRE_FALSE(into_missing);
  CHECK(into_missing.error().diagnostics.at(0).helps.at(0).message ==
        "create the folder: mkdir -p " + (folder / "no").string());
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("a leftover of a killed run is no obstacle") {
  const TemporaryFolder folder;
  folder.write(".migrate-" + std::to_string(::getpid()) + "-0.tmp", "half");
  CHECK(write_file_atomically(folder / "file", "whole").has_value());
  CHECK(read_file(folder / "file").value() == "whole");
}

TEST_CASE("a reader sees the old or the new text, never a part") {
  const TemporaryFolder folder;
  const std::string old_text(100'000, 'a');
  const std::string new_text(200'000, 'b');
  REQUIRE(write_file_atomically(folder / "file", old_text).has_value());
  const auto writer = ::fork();
  if (writer == 0) {
    for (int i = 0; i < 50; ++i)
      if (!write_file_atomically(folder / "file", i % 2 == 0 ? new_text : old_text)) ::_exit(1);
    ::_exit(0);
  }
  int status = 0;
  int reads = 0;
  while (::waitpid(writer, &status, WNOHANG) == 0) {
    const auto text = read_file(folder / "file");
    REQUIRE(text);
    REQUIRE((*text == old_text || *text == new_text));
    ++reads;
  }
  CHECK(status == 0);
  CHECK(reads > 0);
}
