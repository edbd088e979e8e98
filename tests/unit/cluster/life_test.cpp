#include "support/catch.hpp"

#include <fmt/format.h>

#include "cluster_folder.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0U;
}

}  // namespace

TEST_CASE("a cluster is made, answers, keeps its data over a stop, and goes with a reset") {
  const ClusterFolder folder;
  auto cluster = folder.cluster();

  const auto before = cluster.status();
  CHECK_FALSE(before.initialised);
  CHECK_FALSE(before.running);
  CHECK(before.data_directory == folder.project() / ".migrate" / "data");
  CHECK_FALSE(std::filesystem::exists(folder.project() / ".migrate"));

  const auto started = cluster.start();
  REQUIRE(trouble_of(started) == "");
  CHECK(started->initialised);
  CHECK(started->running);
  CHECK(started->ready);
  CHECK(started->version == server_binaries().version);
  CHECK(started->log_file == folder.project() / ".migrate" / "postgres.log");
  CHECK(folder.connect().value("SELECT current_user") == "postgres");
  CHECK(folder.connect().value("SHOW server_version_num").starts_with(std::to_string(server_binaries().major)));
  CHECK(folder.connect().value("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'") ==
        "UTF8");
  CHECK(folder.connect().value("SHOW timezone") == "UTC");
  folder.connect().execute("CREATE TABLE kept AS SELECT 42 AS answer");

  REQUIRE(trouble_of(cluster.stop()) == "");
  const auto stopped = cluster.status();
  CHECK(stopped.initialised);
  CHECK_FALSE(stopped.running);
  CHECK_FALSE(stopped.pid);
  CHECK(trouble_of(cluster.stop()) == "");

  REQUIRE(trouble_of(cluster.start()) == "");
  CHECK(folder.connect().value("SELECT answer FROM kept") == "42");
  REQUIRE(trouble_of(cluster.stop(true)) == "");
  REQUIRE(trouble_of(cluster.start()) == "");
  CHECK(folder.connect().value("SELECT answer FROM kept") == "42");

  REQUIRE(trouble_of(cluster.reset()) == "");
  CHECK_FALSE(cluster.status().initialised);
  CHECK_FALSE(std::filesystem::exists(folder.project() / ".migrate" / "data"));
  CHECK_FALSE(std::filesystem::exists(started->socket_directory));
  CHECK(trouble_of(cluster.reset()) == "");
}

TEST_CASE("starting a server that runs leaves it alone") {
  const ClusterFolder folder;
  const auto first = folder.cluster().start();
  REQUIRE(trouble_of(first) == "");
  auto session = folder.connect();
  const auto second = folder.cluster().start();
  REQUIRE(trouble_of(second) == "");
  CHECK(second->pid == first->pid);
  CHECK(session.value("SELECT 1") == "1");
}

TEST_CASE("resetting or stopping what never was makes nothing") {
  const ClusterFolder folder;
  CHECK(trouble_of(folder.cluster().reset()) == "");
  CHECK(trouble_of(folder.cluster().stop()) == "");
  CHECK_FALSE(std::filesystem::exists(folder.project() / ".migrate"));
}

TEST_CASE("nobody but the server's user and root gets to the socket or the data") {
  const ClusterFolder folder;
  const auto started = folder.cluster().start();
  REQUIRE(trouble_of(started) == "");
  CHECK(mode_of(started->socket_directory) == 0700);
  CHECK(mode_of(started->socket_directory / ".s.PGSQL.5432") == 0700);
  CHECK(mode_of(started->data_directory) == 0700);
  CHECK(mode_of(started->log_file) == 0600);
  CHECK(folder.connect().value("SHOW listen_addresses") == "");
}

TEST_CASE("the folder is not committed by accident") {
  const ClusterFolder folder;
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(read_file(folder.project() / ".migrate" / ".gitignore").value() == "*\n");
}

TEST_CASE("a cluster is a copy of the template: initdb runs once") {
  const std::string identifier = "SELECT system_identifier FROM pg_control_system()";
  const ClusterFolder first("project", true);
  REQUIRE(trouble_of(first.cluster().start()) == "");
  ClusterFolder second;
  second.options.cache_directory = first.options.cache_directory;
  REQUIRE(trouble_of(second.cluster().start()) == "");
  CHECK(second.connect().value(identifier) == first.connect().value(identifier));

  const ClusterFolder stranger("project", true);
  REQUIRE(trouble_of(stranger.cluster().start()) == "");
  CHECK(stranger.connect().value(identifier) != first.connect().value(identifier));
}

TEST_CASE("settings asked for are in force, and win over the tool's own") {
  ClusterFolder folder;
  folder.options.server_settings = {{"work_mem", "12MB"}, {"max_connections", "17"}, {"search_path", "a, \"it's\""}};
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  CHECK(folder.connect().value("SHOW work_mem") == "12MB");
  CHECK(folder.connect().value("SHOW max_connections") == "17");
  CHECK(folder.connect().value("SHOW search_path") == "a, \"it's\"");
  CHECK(folder.connect().value("SHOW fsync") == "off");
}

TEST_CASE("a durable cluster does not trade safety for speed") {
  ClusterFolder folder;
  folder.options.durable = true;
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  for (const char* setting : {"fsync", "synchronous_commit", "full_page_writes"})
    CHECK(folder.connect().value(std::string("SHOW ") + setting) == "on");
}

TEST_CASE("a server that does not start says why, and leaves no data behind that never ran") {
  ClusterFolder folder;
  folder.options.server_settings = {{"shared_buffers", "plenty"}};
  const auto started = folder.cluster().start();
  REQUIRE_FALSE(started);
  CHECK(started.error().exit_code == ExitCode::unreachable);
  const auto& trouble = started.error().diagnostics.at(0);
  CHECK(trouble.id == "cluster-failed");
  CHECK(trouble.message == "the embedded PostgreSQL did not start: it ended at once");
  REQUIRE_FALSE(trouble.notes.empty());
  CHECK(trouble.notes[0].label == "log");
  CHECK(trouble.notes[0].text.find("invalid value for parameter \"shared_buffers\": \"plenty\"") != std::string::npos);
  CHECK_FALSE(folder.cluster().status().initialised);

  folder.options.server_settings.clear();
  CHECK(trouble_of(folder.cluster().start()) == "");
}

TEST_CASE("data of another major version are refused with the ways out") {
  ClusterFolder folder;
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  const auto major = server_binaries().major;
  folder.options.binaries.directory = "/opt/other/bin";
  folder.options.binaries.version = "13.4";
  folder.options.binaries.major = 13;
  const auto started = folder.cluster().start();
  REQUIRE_FALSE(started);
  CHECK(text_of(started.error()) ==
        fmt::format("error[cluster-version-mismatch]: the embedded PostgreSQL's data are of version {0}, and "
                    "`/opt/other/bin` is of version 13.4\n"
                    "  = found: {1}\n"
                    "help: use PostgreSQL {0}: MIGRATE_PG_BIN=DIRECTORY, where its programs are\n"
                    "help: or throw the data away: migrate dev reset\n",
                    major, (folder.project() / ".migrate" / "data").string()));
  CHECK(folder.cluster().status().version == std::to_string(major));
}

TEST_CASE("the environment of the caller does not lead a connection to another server") {
  const ClusterFolder folder;
  REQUIRE(trouble_of(folder.cluster().start()) == "");
  ::setenv("PGPORT", "6543", 1);
  ::setenv("PGHOSTADDR", "192.0.2.1", 1);
  CHECK(folder.connect().value("SELECT 1") == "1");
  ::unsetenv("PGPORT");
  ::unsetenv("PGHOSTADDR");
}
