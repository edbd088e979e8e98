#include "support/catch.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "cluster_folder.hpp"

using namespace migrate;
using namespace migrate::test;
namespace fs = std::filesystem;

namespace {

void kill_server(const ClusterFolder& folder) {
  const auto pid = folder.cluster().status().pid;
  REQUIRE(pid);
  REQUIRE(::kill(*pid, SIGKILL) == 0);
}

fs::path only_template(const ClusterFolder& folder) {
  for (const auto& entry : fs::directory_iterator(folder.options.cache_directory))
    if (entry.is_directory()) return entry.path();
  throw std::runtime_error("no template");
}

}  // namespace

TEST_CASE("a server whose postmaster was killed is started again, with its data") {
  const ClusterFolder folder;
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  folder.connect().execute("CREATE TABLE kept AS SELECT 42 AS answer");
  // A backend that is busy does not notice that its postmaster died, and keeps the shared memory.
  auto busy = folder.connect();
  busy.send("DO $$ BEGIN FOR i IN 1..2000000000 LOOP END LOOP; END $$");
  kill_server(folder);

  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SELECT answer FROM kept") == "42");
}

TEST_CASE("a pid file that names another living process does not make a server") {
  const ClusterFolder folder;
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  REQUIRE(trouble_of(folder.cluster().stop()) == "");
  // As after a restart of the machine: the number belongs to another program.
  const auto data = folder.project() / ".migrate" / "data";
  std::ofstream(data / "postmaster.pid") << ::getpid() << '\n'
                                         << data.string() << "\n1700000000\n5432\n"
                                         << (folder.project() / ".migrate" / "run").string()
                                         << "\n\n   1 2\nready   \n";
  CHECK_FALSE(folder.cluster().status().running);
  REQUIRE(trouble_of(folder.cluster().stop()) == "");
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SELECT 1") == "1");
}

TEST_CASE("a data folder that was never finished is made anew") {
  const ClusterFolder folder;
  const auto home = folder.project() / ".migrate";
  fs::create_directories(home);
  if (is_root()) ::chmod(home.c_str(), 0777);
  // By the server's user, as an interrupted copy would be.
  const auto make_half = [&] {
    for (const char* name : {"data.new", "data"}) {
      fs::create_directories(home / name / "base");
      std::ofstream(home / name / "PG_VERSION") << server_binaries().major << '\n';
    }
    return 0;
  };
  if (is_root())
    REQUIRE(in_child([&] { return become_nobody() ? make_half() : 1; }) == 0);
  else
    make_half();
  CHECK_FALSE(folder.cluster().status().initialised);
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SELECT 1") == "1");
  CHECK_FALSE(fs::exists(home / "data.new"));
}

TEST_CASE("a start that is killed at any moment is completed by the next one") {
  for (const int milliseconds : {1, 30, 90, 180, 300, 450}) {
    INFO("killed after " << milliseconds << " ms");
    const ClusterFolder folder("project", true);
    const pid_t child = ::fork();
    if (child == 0) {
      (void)folder.cluster().start();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(milliseconds) * 1000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    REQUIRE(trouble_of(folder.cluster().start()) == "");
    CHECK(folder.connect().value("SELECT 1") == "1");
    CHECK_FALSE(fs::exists(folder.project() / ".migrate" / "data.new"));
    CHECK_FALSE(fs::exists(folder.options.cache_directory / "unfinished"));
  }
}

TEST_CASE("a template that lost a file is made anew") {
  const ClusterFolder folder("project", true);
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  REQUIRE(trouble_of(folder.cluster().reset()) == "");
  fs::remove(only_template(folder) / "global" / "1262");
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(fs::exists(only_template(folder) / "global" / "1262"));
}

TEST_CASE("a template whose content is damaged is made anew when the first start fails") {
  const ClusterFolder folder("project", true);
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  REQUIRE(trouble_of(folder.cluster().reset()) == "");
  const auto control = only_template(folder) / "global" / "pg_control";
  const auto size = fs::file_size(control);
  std::ofstream(control, std::ios::binary) << std::string(size, '\0');
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SELECT 1") == "1");
}

TEST_CASE("twenty threads that start a cluster at once get the same server") {
  const ClusterFolder folder("project", true);
  std::vector<std::string> troubles(20);
  std::vector<int> pids(20);
  std::vector<std::thread> threads;
  std::atomic<bool> go{false};
  for (std::size_t i = 0; i < troubles.size(); ++i)
    threads.emplace_back([&, i] {
      while (!go) std::this_thread::yield();
      const auto started = folder.cluster().start();
      troubles[i] = trouble_of(started);
      if (started) pids[i] = started->pid.value_or(0);
    });
  go = true;
  for (auto& thread : threads) thread.join();
  CHECK(troubles == std::vector<std::string>(20));
  CHECK(std::set<int>(pids.begin(), pids.end()).size() == 1);
  CHECK(folder.connect().value("SELECT 1") == "1");
}

TEST_CASE("processes that start a cluster at once get the same server, which outlives them") {
  const ClusterFolder folder("project", true);
  std::vector<pid_t> children;
  for (int i = 0; i < 20; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto started = folder.cluster().start();
      fmt::print(stderr, "{}", trouble_of(started));
      ::_exit(started && started->ready ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(folder.cluster().status().ready);
  CHECK(folder.connect().value("SELECT 1") == "1");
}

TEST_CASE("clusters that are started and reset by many at once end in one state") {
  const ClusterFolder folder;
  std::vector<std::thread> threads;
  std::vector<std::string> troubles(8);
  for (std::size_t i = 0; i < troubles.size(); ++i)
    threads.emplace_back([&, i] {
      auto cluster = folder.cluster();
      for (int round = 0; round < 3; ++round) {
        troubles[i] += i % 4 == 0 ? trouble_of(cluster.reset()) : trouble_of(cluster.start());
        if (i % 4 == 1) troubles[i] += trouble_of(cluster.stop(true));
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(troubles == std::vector<std::string>(8));
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SELECT 1") == "1");
}
