#include "support/catch.hpp"

#include <array>
#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "cluster/configuration.hpp"
#include "cluster/file_lock.hpp"
#include "cluster/process.hpp"
#include "cluster/server.hpp"
#include "cluster_folder.hpp"

using namespace migrate;
using namespace migrate::cluster;
using namespace migrate::test;
namespace fs = std::filesystem;

TEST_CASE("a postmaster.pid is read") {
  CHECK(parse_pid_file("4711\n/srv/a b/data\n1700000000\n5432\n/run/x\n\n  1048577    3\nready   \n") ==
        PidFile{4711, "/srv/a b/data", "/run/x", "ready"});
  CHECK(parse_pid_file("4711\n/data\n1700000000\n5432\n") == PidFile{4711, "/data", "", ""});
  CHECK(parse_pid_file("-12\n/data\n")->pid == -12);
  CHECK_FALSE(parse_pid_file(""));
  CHECK_FALSE(parse_pid_file("\n\n"));
  CHECK_FALSE(parse_pid_file("12x\n/data\n"));
  CHECK_FALSE(parse_pid_file("99999999999999999999\n"));
  CHECK(parse_pid_file("1\n\n\n\n\n\n\nstandby \n")->is_ready());
  CHECK_FALSE(parse_pid_file("1\n\n\n\n\n\n\nstarting\n")->is_ready());
}

TEST_CASE("values in postgresql.conf are quoted") {
  Place place;
  place.socket_directory = "/home/me/it's \\ mine/run";
  ClusterOptions options;
  options.server_settings = {{"log_line_prefix", "a'b\\c\nd"}};
  const auto text = render_postgresql_conf(place, options);
  CHECK(text.find("unix_socket_directories = '\"/home/me/it''s \\\\ mine/run\"'\n") != std::string::npos);
  CHECK(text.ends_with("\n# Asked for.\nlog_line_prefix = 'a''b\\\\c\\nd'\n"));
}

TEST_CASE("a program is run without a shell, and its output and exit code are known") {
  const auto sh = find_system_program("sh").value().string();
  const auto me = current_user();
  const auto ended = run_program({sh, "-c", "echo \"$1\"; echo oops >&2; exit 7", "sh", "a b'$HOME"}, me);
  CHECK(ended.exit_code == 7);
  CHECK(ended.output == "a b'$HOME\noops\n");
  CHECK(run_program({sh, "-c", "kill -TERM $$"}, me).exit_code == 128 + SIGTERM);
  const auto missing = run_program({"/no/such/program"}, me);
  CHECK(missing.exit_code == 127);
  CHECK(missing.output == "cannot run /no/such/program: no such file or directory");
}

TEST_CASE("a program gets no variable and no descriptor of ours") {
  ::setenv("PGDATA", "/elsewhere", 1);
  const int leaked = ::dup(1);
  const auto sh = find_system_program("sh").value().string();
  const auto ended = run_program({sh, "-c",
                                  "echo ${PGDATA-none}; for n in 3 4 5 6 7 8 9; do "
                                  "test -e /proc/self/fd/$n && readlink /proc/$$/fd/$n; done; true"},
                                 current_user());
  ::close(leaked);
  ::unsetenv("PGDATA");
  CHECK(ended.output == "none\n");
}

TEST_CASE("binaries are found in the folder that is named, or its bin") {
  const auto& real = server_binaries();
  const auto direct = find_server_binaries(real.directory.string());
  REQUIRE(trouble_of(direct) == "");
  CHECK(*direct == real);
  CHECK(real.version.starts_with(std::to_string(real.major)));
  if (real.directory.filename() == "bin") {
    const auto above = find_server_binaries(real.directory.parent_path().string());
    REQUIRE(trouble_of(above) == "");
    CHECK(*above == real);
  }
}

TEST_CASE("a folder without a server is an error that names it") {
  const TemporaryFolder folder;
  CHECK(trouble_of(find_server_binaries(folder.path().string())) ==
        fmt::format("error[no-server-binaries]: no PostgreSQL server in `{0}`\n"
                    "  = found: {0}: no `postgres` and `initdb` in it\n"
                    "  = note: looked there, and in its folders bin and native/bin\n"
                    "help: correct MIGRATE_PG_BIN: it names the folder with `postgres` and `initdb`\n",
                    folder.path().string()));
}

TEST_CASE("an exclusive lock waits for the one before, shared ones do not") {
  const TemporaryFolder folder;
  const auto me = current_user();
  const auto path = folder / "lock";
  auto first = std::make_optional(FileLock::acquire(path, me, FileLock::Kind::shared));
  REQUIRE(*first);
  auto second = std::make_optional(FileLock::acquire(path, me, FileLock::Kind::shared));
  REQUIRE(*second);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // Another process: its copies of the two descriptors are the same two locks, so they are not let go here.
    const auto third = FileLock::acquire(path, me, FileLock::Kind::exclusive);
    [[maybe_unused]] const auto written = ::write(ends[1], third ? "y" : "n", 1);
    ::_exit(0);
  }
  ::close(ends[1]);
  ::usleep(50'000);
  CHECK(::waitpid(child, nullptr, WNOHANG) == 0);
  first.reset();
  ::usleep(20'000);
  CHECK(::waitpid(child, nullptr, WNOHANG) == 0);
  second.reset();
  char answer = 0;
  REQUIRE(::read(ends[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("a lock whose file was removed while one waited is taken on the new file") {
  const TemporaryFolder folder;
  const auto me = current_user();
  const auto path = folder / "lock";
  auto first = std::make_optional(FileLock::acquire(path, me, FileLock::Kind::exclusive));
  REQUIRE(*first);
  fs::remove(path);
  const auto second = FileLock::acquire(path, me, FileLock::Kind::exclusive);
  CHECK(second);
  CHECK(fs::exists(path));
}

TEST_CASE("a lock lasts until what a killed command leaves behind has ended") {
  const TemporaryFolder folder;
  const auto me = current_user();
  const auto path = folder / "lock";
  const auto end = folder / "end";
  const auto begun = folder / "begun";
  REQUIRE(::mkfifo(end.c_str(), 0600) == 0);
  const pid_t command = ::fork();
  if (command == 0) {
    const auto lock = FileLock::acquire(path, me, FileLock::Kind::exclusive);
    (void)run_program({find_system_program("sh").value().string(), "-c", "(read -r line <\"$1\") & echo >\"$2\"; wait",
                       "sh", end.string(), begun.string()},
                      me, std::array{lock->descriptor()});
    ::_exit(0);
  }
  for (int i = 0; i < 1000 && !fs::exists(begun); ++i) ::usleep(10'000);
  REQUIRE(fs::exists(begun));
  ::kill(command, SIGKILL);
  ::waitpid(command, nullptr, 0);

  const int other = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  ::usleep(50'000);
  CHECK(::flock(other, LOCK_EX | LOCK_NB) == -1);
  std::ofstream(end) << '\n';
  const auto next = FileLock::acquire(path, me, FileLock::Kind::exclusive);
  CHECK(trouble_of(next) == "");
  ::close(other);
}
