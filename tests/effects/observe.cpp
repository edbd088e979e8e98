#include "effects/observe.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <list>
#include <set>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace migrate::test {
namespace {

constexpr std::array<std::string_view, 9> modes{
    "",          "AccessShareLock",       "RowShareLock",  "RowExclusiveLock",   "ShareUpdateExclusiveLock",
    "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"};

constexpr const char* tables_before = R"(
CREATE TABLE ref (id int PRIMARY KEY, code text);
INSERT INTO ref SELECT i, 'c' || i FROM generate_series(1, 100) i;
CREATE TABLE t (id int NOT NULL, a int, b text, v varchar(20), n numeric(10,2), ts timestamp, tz timestamptz,
                x int NOT NULL DEFAULT 1, ref_id int))";

constexpr const char* tables_after = R"(
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
CREATE INDEX t_a ON t (a);
INSERT INTO t SELECT i, i, 'b' || i, 'v' || i, i, now()::timestamp, now(), i, i FROM generate_series(1, 100) i;
)";

// Locks of the catalogs and of TOAST tables are nobody's business here.
constexpr const char* relations_sql = R"(
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, c.relfilenode, i.indrelid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r','p','v','m','S','i','I','f'))";

constexpr const char* locks_sql = R"(
SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = {} AND relation IS NOT NULL
AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";

constexpr const char* scans_sql =
    "SELECT relid FROM pg_stat_xact_user_tables WHERE coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0";

struct File {
  std::string name, table;
  char kind = 'r';
  std::string file;
};

using Files = std::map<std::string, File>;  // by oid

Files read_files(Connection& connection) {
  Files files;
  for (const auto& row : connection.rows(relations_sql)) {
    files[*row[0]] = {*row[1], row[4].value_or(""), row[2]->front(), *row[3]};
  }
  return files;
}

bool holds_data(Connection& connection, const std::string& oid) {
  return connection.value(fmt::format("SELECT pg_relation_size({}::regclass) > 0", oid)) == "t";
}

class Watch {
 public:
  explicit Watch(Connection& connection) : before_(read_files(connection)) {
    for (const auto& [oid, file] : before_) {
      auto& seen = observation_.relations[file.name];
      seen.kind = file.kind;
      if (const auto table = before_.find(file.table); table != before_.end()) seen.table = table->second.name;
      old_files_.insert(file.file);
    }
  }

  void note_locks(Connection& connection, int pid) {
    for (const auto& row : connection.rows(fmt::format(fmt::runtime(locks_sql), pid))) {
      if (auto* seen = of(*row[0]); seen && strength(*row[1]) > strength(seen->mode)) seen->mode = *row[1];
    }
  }

  void note_scans(Connection& connection) {
    for (const auto& row : connection.rows(scans_sql)) {
      if (auto* seen = of(*row[0])) seen->scanned = true;
    }
  }

  // A new file with nothing in it (TRUNCATE) is no work, nor are the indexes of it; the fixture's tables hold rows.
  void note_files(Connection& connection) {
    for (const auto& [oid, file] : read_files(connection)) {
      const bool index = file.kind == 'i';
      if (file.file == "0" || file.kind == 'S' || old_files_.contains(file.file)) continue;
      auto* seen = of(index ? file.table : oid);
      if (!seen) continue;
      if (holds_data(connection, index ? file.table : oid)) {
        (index ? seen->indexed : seen->rewritten) = true;
      } else if (!index) {
        seen->scanned = false;
      }
    }
  }

  Observation finish() { return std::move(observation_); }
  void outside() { observation_.in_transaction = false; }

 private:
  Seen* of(const std::string& oid) {
    const auto found = before_.find(oid);
    return found == before_.end() ? nullptr : &observation_.relations[found->second.name];
  }

  Files before_;
  std::set<std::string> old_files_;
  Observation observation_;
};

// Others hold locks on every table, each of them one mode on one table, and go when the statement is seen waiting for
// them: so each of its phases lasts long enough to be looked at.
class Obstacles {
 public:
  Obstacles(TestDatabase& database, Connection& watcher) : watcher_(watcher) {
    const auto tables = watcher.rows(
        "SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
        "'public'::regnamespace");
    for (const auto& table : tables) {
      for (const char* mode : {"SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE", "ACCESS SHARE"}) {
        auto& other = others_.emplace_back(database.connect());
        other.execute(fmt::format("BEGIN; LOCK TABLE ONLY {} IN {} MODE", *table[0], mode));
      }
    }
  }

  // One who is in the way of `pid`; empty: nobody is.
  std::string find(int pid) {
    const auto blockers = watcher_.rows(fmt::format("SELECT unnest(pg_blocking_pids({})) LIMIT 1", pid));
    return blockers.empty() ? "" : *blockers[0][0];
  }

  void remove(const std::string& blocker) {
    const auto gone = std::find_if(others_.begin(), others_.end(),
                                   [&](const Connection& other) { return std::to_string(other.pid()) == blocker; });
    if (gone != others_.end()) others_.erase(gone);
  }

 private:
  Connection& watcher_;
  std::list<Connection> others_;
};

Observation observe_outside(TestDatabase& database, const std::string& statement) {
  auto watcher = database.connect();
  auto runner = database.connect();
  Watch watch(watcher);
  watch.outside();
  Obstacles obstacles(database, watcher);
  std::atomic<bool> ended = false;
  std::string trouble;
  std::thread thread([&] {
    try {
      runner.execute(statement);
    } catch (const std::exception& caught) {
      trouble = caught.what();
    }
    ended = true;
  });
  const int pid = runner.pid();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!ended && std::chrono::steady_clock::now() < give_up) {
    const auto blocker = obstacles.find(pid);
    watch.note_locks(watcher, pid);
    if (!blocker.empty()) obstacles.remove(blocker);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (!ended) watcher.execute(fmt::format("SELECT pg_terminate_backend({})", pid));
  thread.join();
  if (!trouble.empty()) throw std::runtime_error(trouble);
  watch.note_files(watcher);
  return watch.finish();
}

bool is_refused_in_transaction(const std::string& message) {
  return message.find("cannot run inside a transaction block") != std::string::npos ||
         message.find("cannot be executed from a function") != std::string::npos;
}

}  // namespace

int strength(const std::string& mode) {
  for (std::size_t i = 1; i < modes.size(); ++i) {
    if (modes[i] == mode) return static_cast<int>(i);
  }
  return 0;
}

void prepare(Connection& connection, const Case& one, bool partitioned) {
  connection.execute("SET client_min_messages = error; SET timezone = 'UTC'; SET allow_in_place_tablespaces = on");
  connection.execute("DROP ACCESS METHOD IF EXISTS heap2 CASCADE; DROP PUBLICATION IF EXISTS pub");
  connection.execute("DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS other CASCADE; CREATE SCHEMA public");
  std::string sql = tables_before;
  sql +=
      partitioned ? " PARTITION BY RANGE (id);\nCREATE TABLE t_p PARTITION OF t FOR VALUES FROM (0) TO (100000);" : ";";
  connection.execute(sql + tables_after);
  if (!one.setup.empty()) connection.execute(one.setup);
}

Observation observe(TestDatabase& database, const Case& one) {
  {
    auto connection = database.connect();
    connection.execute(fmt::format("SET client_min_messages = error; SET timezone = '{}'; BEGIN", one.time_zone));
    Watch watch(connection);
    try {
      connection.execute(one.statement);
      watch.note_locks(connection, connection.pid());
      watch.note_scans(connection);
      watch.note_files(connection);
      return watch.finish();
    } catch (const std::exception& trouble) {
      if (!is_refused_in_transaction(trouble.what())) throw;
    }
  }
  return observe_outside(database, one.statement);
}

}  // namespace migrate::test
