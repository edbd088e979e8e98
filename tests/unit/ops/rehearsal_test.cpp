#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "ops/rehearsal/compare.hpp"
#include "ops/rehearsal/dump.hpp"
#include "ops/rehearsal/last_will.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace migrate;
using namespace migrate::ops;
using rules::LockMode;

namespace {

// public.account (1), its index (2), its partition (3), a sequence (4).
Seen nothing_seen() {
  Seen seen;
  seen[1].before = {.schema = "public", .name = "account", .kind = 'p', .file = "0"};
  seen[2].before = {.schema = "public", .name = "account_pkey", .kind = 'I', .table = 1, .file = "0"};
  seen[3].before = {.schema = "public", .name = "account_1", .kind = 'r', .partition_of = 1, .file = "7"};
  seen[4].before = {.schema = "public", .name = "account_id_seq", .kind = 'S', .file = "8"};
  return seen;
}

rules::StatementEffects foretold_of(LockMode mode, rules::Work rewrite = rules::Work::no) {
  rules::StatementEffects effects;
  effects.relations.push_back({.name = {"public", "account", {}}, .lock = mode});
  effects.relations.push_back({.name = {"public", "account_1", {}}, .lock = mode, .rewrite = rewrite});
  return effects;
}

std::string told(const std::vector<MeasuredLock>& locks) {
  std::string text;
  for (const auto& lock : locks) {
    text += lock.mode + " " + lock.relation;
    if (lock.partitions > 0) text += "+" + std::to_string(lock.partitions);
    if (lock.held) text += " held";
    if (lock.rewrite) text += " rewrite";
    if (lock.scan) text += " scan";
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("two dumps of one schema compare equal, and passwords are not in them") {
  const std::string dump =
      "\\restrict abc\nCREATE TABLE t (\n    a integer,\n    b integer\n);\n    password 'secret',\n";
  CHECK(comparable(dump) == comparable("\\restrict xyz" + dump.substr(13)));
  CHECK(comparable(dump).find("secret") == std::string::npos);
  CHECK(comparable(dump).find("    a integer,\n    b integer\n") != std::string::npos);
}

TEST_CASE("lines in another order are told from other lines") {
  CHECK(is_reordered("(\n    a integer,\n    b integer\n)", "(\n    b integer,\n    a integer\n)"));
  CHECK_FALSE(is_reordered("a\nb", "a\nb"));
  CHECK_FALSE(is_reordered("a\nb", "a\nb\nb"));
  CHECK_FALSE(is_reordered("    a integer", "    a bigint"));
}

TEST_CASE("partitions stand with their table, and weak locks of sequences and indexes are left out") {
  Seen seen = nothing_seen();
  seen[1].taken = seen[3].taken = LockMode::access_exclusive;
  seen[2].taken = LockMode::access_exclusive;
  seen[3].rewritten = true;
  seen[4].taken = LockMode::row_exclusive;
  CHECK(told(locks_of(seen, nullptr)) == "ACCESS EXCLUSIVE public.account+1 rewrite\n");
  seen[1].taken = LockMode::share_update_exclusive;
  CHECK(told(locks_of(seen, nullptr)) ==
        "ACCESS EXCLUSIVE public.account_1 rewrite\nACCESS EXCLUSIVE public.account_pkey\n"
        "SHARE UPDATE EXCLUSIVE public.account\n");
}

TEST_CASE("a lock that an earlier statement took is told where the statement needs it") {
  Seen seen = nothing_seen();
  seen[3].held = {LockMode::access_share, LockMode::access_exclusive};
  CHECK(told(locks_of(seen, nullptr)).empty());
  const auto foretold = foretold_of(LockMode::access_exclusive);
  CHECK(told(locks_of(seen, &foretold)) == "ACCESS EXCLUSIVE public.account_1 held\n");
  seen[3].taken = LockMode::share;
  seen[3].scanned = true;
  CHECK(told(locks_of(seen, nullptr)) == "ACCESS EXCLUSIVE public.account_1 held scan\n");
}

TEST_CASE("what was foretold and what was seen are compared, as far as an empty copy shows it") {
  Seen seen = nothing_seen();
  seen[1].taken = seen[3].taken = LockMode::access_exclusive;
  CHECK(differences(foretold_of(LockMode::access_exclusive), seen, false).empty());
  CHECK(differences(foretold_of(LockMode::access_exclusive, rules::Work::maybe), seen, false).empty());
  CHECK(differences(foretold_of(LockMode::access_exclusive, rules::Work::yes), seen, false) ==
        std::vector<std::string>{"public.account_1: a rewrite foretold, none seen"});
  CHECK(differences(foretold_of(LockMode::share), seen, false) ==
        std::vector<std::string>{"public.account: SHARE foretold, ACCESS EXCLUSIVE taken",
                                 "public.account_1: SHARE foretold, ACCESS EXCLUSIVE taken"});
  auto incomplete = rules::StatementEffects{};
  incomplete.complete = false;
  CHECK(differences(incomplete, seen, false).empty());
  seen[1].taken = seen[3].taken = LockMode::none;
  CHECK(differences(foretold_of(LockMode::row_exclusive), seen, true).empty());
  CHECK(differences(foretold_of(LockMode::row_exclusive), seen, false).size() == 2);
}

TEST_CASE("a last will is executed once, at the end") {
  const test::TemporaryFolder folder;
  const auto file = folder / "done";
  {
    LastWill will([&file] { return static_cast<bool>(std::ofstream(file, std::ios::app) << "x"); });
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(will.execute());
  }
  CHECK(std::filesystem::file_size(file) == 1);
  LastWill failing([] { return false; });
  CHECK_FALSE(failing.execute());
}

TEST_CASE("a last will is executed where its process is killed") {
  const test::TemporaryFolder folder;
  const auto file = folder / "done";
  const pid_t child = ::fork();
  if (child == 0) {
    const LastWill will([&file] { return static_cast<bool>(std::ofstream(file) << "x"); });
    ::raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!std::filesystem::exists(file) && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(std::filesystem::exists(file));
}
