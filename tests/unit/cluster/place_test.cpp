#include "support/catch.hpp"

#include <fmt/format.h>

#include "cluster_folder.hpp"

using namespace migrate;
using namespace migrate::test;
namespace fs = std::filesystem;

namespace {

void check_that_it_works(const ClusterFolder& folder) {
  const auto started = folder.cluster().start();
  REQUIRE(trouble_of(started) == "");
  CHECK(started->ready);
  CHECK(Connection(folder.cluster().url("postgres")).value("SELECT 1") == "1");
  CHECK((started->socket_directory / ".s.PGSQL.5432").native().size() <= 107);
  CHECK(folder.connect().value("SELECT 1") == "1");
  struct stat info {};
  REQUIRE(::lstat(started->socket_directory.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0700);
}

uid_t owner_of(const fs::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_uid : 0;
}

}  // namespace

TEST_CASE("a project whose path is too long for a socket has its socket elsewhere") {
  const ClusterFolder folder(fs::path(std::string(90, 'a')) / std::string(200, 'b'));
  check_that_it_works(folder);
  const auto status = folder.cluster().status();
  CHECK(status.data_directory == folder.project() / ".migrate" / "data");
  CHECK_FALSE(status.socket_directory.native().starts_with(folder.project().native()));
  REQUIRE(trouble_of(folder.cluster().reset()) == "");
  CHECK_FALSE(fs::exists(status.socket_directory));
}

TEST_CASE("the longest path that a socket can have is used") {
  const ClusterFolder probe;
  const auto base = probe.outer().native().size() + std::string("//.migrate/run/.s.PGSQL.5432").size();
  const ClusterFolder fits(std::string(107 - base, 'x'));
  const ClusterFolder too_long(std::string(108 - base, 'x'));
  CHECK(fits.cluster().status().socket_directory == fits.project() / ".migrate" / "run");
  CHECK(too_long.cluster().status().socket_directory != too_long.project() / ".migrate" / "run");
  check_that_it_works(fits);
  check_that_it_works(too_long);
}

TEST_CASE("a project's folder may have any name") {
  for (const char* name : {"two words", "Größe und Maß 測試", "it's", "a,b", "say \"hi\"", "back\\slash", "100%",
                           "$HOME", "-rf", "#hash = 'x'"}) {
    INFO(name);
    const ClusterFolder folder(name);
    check_that_it_works(folder);
    CHECK(folder.cluster().status().data_directory == folder.project() / ".migrate" / "data");
  }
}

TEST_CASE("a folder whose name would break the server's own files has its data elsewhere") {
  const ClusterFolder folder("two\nlines");
  check_that_it_works(folder);
  const auto home = folder.cluster().status().data_directory.parent_path();
  CHECK(home != folder.project() / ".migrate");
  REQUIRE(trouble_of(folder.cluster().reset()) == "");
  CHECK_FALSE(fs::exists(home));
}

TEST_CASE("a project that was moved while its server ran has a server that answers") {
  ClusterFolder folder("before");
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  folder.connect().execute("CREATE TABLE kept AS SELECT 42 AS answer");
  folder.move_project("after");
  CHECK(folder.cluster().status().running);
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SELECT answer FROM kept") == "42");
  CHECK(folder.connect().value("SHOW data_directory") == (folder.project() / ".migrate" / "data").string());
}

TEST_CASE("a copy of a project has a server of its own, and the original's is left alone") {
  const ClusterFolder original;
  const auto first = original.cluster().start();
  REQUIRE(trouble_of(first) == "");
  const ClusterFolder copy;
  fs::remove_all(copy.project());
  REQUIRE(std::system(fmt::format("cp -a {} {}", original.project().string(), copy.project().string()).c_str()) == 0);
  CHECK_FALSE(copy.cluster().status().running);
  const auto second = copy.cluster().start();
  REQUIRE(trouble_of(second) == "");
  CHECK(second->pid != first->pid);
  CHECK(original.connect().value("SELECT 1") == "1");
  CHECK(copy.connect().value("SHOW data_directory") == (copy.project() / ".migrate" / "data").string());
}

TEST_CASE("an ordinary user runs the server as itself") {
  if (!is_root()) return;  // every other test does it then
  const ClusterFolder folder;
  REQUIRE(::chmod(folder.project().c_str(), 0777) == 0);
  const int code = in_child([&] {
    if (!become_nobody()) return 10;
    auto options = folder.options;
    options.cache_directory = folder.project() / "cache";
    cluster::Cluster cluster(options);
    const auto started = cluster.start();
    fmt::print(stderr, "{}", trouble_of(started));
    if (!started || started->server_user != "nobody") return 11;
    if (Connection(cluster.conninfo("postgres")).value("SELECT 1") != "1") return 12;
    if (!cluster.stop() || cluster.status().running || !cluster.start()) return 13;
    return 0;
  });
  CHECK(code == 0);
  CHECK(owner_of(folder.project() / ".migrate" / "data") == 65534);
  // Root, who comes later, takes the data as they are.
  const auto status = folder.cluster().status();
  CHECK(status.ready);
  CHECK(status.server_user == "nobody");
  CHECK(folder.connect().value("SELECT 1") == "1");
}

TEST_CASE("another user's data are refused by name") {
  if (!is_root()) return;
  const ClusterFolder folder;
  const auto started = folder.cluster().start();
  REQUIRE(trouble_of(started) == "");
  REQUIRE(started->server_user != "nobody");
  const int code = in_child([&] {
    if (!become_nobody()) return 10;
    const auto refused = cluster::Cluster(folder.options).start();
    if (refused) return 11;
    const auto expected = fmt::format(
        "error[cluster-failed]: cannot use the folder `{}`: operation not permitted\n"
        "help: it belongs to `{}`: run the command as that user, or as root\n",
        started->data_directory.string(), started->server_user);
    if (text_of(refused.error()) == expected) return 0;
    fmt::print(stderr, "{}", text_of(refused.error()));
    return 12;
  });
  CHECK(code == 0);
}

TEST_CASE("root hands the server to the owner of the project") {
  if (!is_root()) return;
  const ClusterFolder folder;
  REQUIRE(::chown(folder.project().c_str(), 65534, 65534) == 0);
  const auto started = folder.cluster().start();
  REQUIRE(trouble_of(started) == "");
  CHECK(started->server_user == "nobody");
  CHECK(owner_of(started->data_directory) == 65534);
  CHECK(owner_of(folder.project() / ".migrate") == 65534);
}

TEST_CASE("root can name the server's user") {
  if (!is_root()) return;
  ClusterFolder folder;
  folder.options.server_user = "nobody";
  const auto started = folder.cluster().start();
  REQUIRE(trouble_of(started) == "");
  CHECK(started->server_user == "nobody");
}

TEST_CASE("a user that is not there, or is root, is refused") {
  if (!is_root()) return;
  ClusterFolder folder;
  folder.options.server_user = "no-such-user";
  CHECK(trouble_of(folder.cluster().start()) ==
        "error[no-ordinary-user]: there is no user `no-such-user`\n"
        "  = note: PostgreSQL refuses to run as root, so root has to hand it over to an ordinary user\n"
        "help: run the command as an ordinary user, or name one: MIGRATE_PG_USER=postgres\n");
  folder.options.server_user = "root";
  CHECK(trouble_of(folder.cluster().start()).starts_with("error[no-ordinary-user]: `root` is root\n"));
  folder.options.server_user.clear();
}

TEST_CASE("a project that the server's user cannot reach has its data elsewhere, with signs to it") {
  if (!is_root()) return;
  const ClusterFolder folder;
  REQUIRE(::chmod(folder.outer().c_str(), 0700) == 0);
  check_that_it_works(folder);
  const auto status = folder.cluster().status();
  const auto home = status.data_directory.parent_path();
  CHECK(home.parent_path() == "/var/lib/migrate");
  CHECK(status.log_file == home / "postgres.log");
  CHECK(owner_of(home) != 0);
  CHECK(read_file(folder.project() / ".migrate" / "location").value() == home.string() + "\n");
  CHECK(read_file(home / "project").value() == (folder.project() / ".migrate").string() + "\n");

  REQUIRE(trouble_of(folder.cluster().reset()) == "");
  CHECK_FALSE(fs::exists(home));
  CHECK_FALSE(fs::exists(folder.project() / ".migrate" / "location"));
}

TEST_CASE("a name in /tmp that another user has taken is refused") {
  if (!is_root()) return;
  const ClusterFolder folder(std::string(120, 'x'));
  const auto socket_directory = folder.cluster().status().socket_directory;
  REQUIRE(fs::create_directory(socket_directory));
  REQUIRE(::chown(socket_directory.c_str(), 65534, 65534) == 0);
  const auto started = folder.cluster().start();
  CHECK(trouble_of(started).starts_with(fmt::format(
      "error[cluster-failed]: cannot use the folder `{}`: operation not permitted\n", socket_directory.string())));
  fs::remove(socket_directory);
}
