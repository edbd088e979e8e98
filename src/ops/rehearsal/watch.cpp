#include "ops/rehearsal/watch.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/field.hpp>

namespace migrate::ops {
namespace {

using rules::LockMode;

// Locks of catalogs and TOAST tables are nobody's business here. {}: the journal's schema. Checked on 14 to 18.
constexpr std::string_view relations_query = R"(
SELECT c.oid, n.nspname, c.relname, c.relkind, coalesce(i.indrelid, 0), coalesce(h.inhparent, 0), c.relfilenode
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid AND c.relispartition
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f')
  AND NOT (n.nspname = {} AND coalesce(t.relname, c.relname) IN ('migrate_revision', 'migrate_log', 'migrate_log_id_seq')))";

constexpr std::string_view locks_query = R"(
SELECT relation, mode FROM pg_catalog.pg_locks
WHERE locktype = 'relation' AND pid = pg_catalog.pg_backend_pid()
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))";

constexpr std::string_view scans_query = R"(
SELECT relid, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_catalog.pg_stat_xact_user_tables
WHERE coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0)";

// What the session counted so far is told to the server, so that the next count begins at nothing. Since 15.
constexpr std::string_view flush_query = "SELECT pg_catalog.pg_stat_force_next_flush()";
constexpr int first_with_flush = 150000;

RelationId id_in(const std::optional<std::string>& field) { return db::to_number<RelationId>(field).value_or(0); }

constexpr std::array<std::string_view, 9> mode_names{
    "",          "AccessShareLock",       "RowShareLock",  "RowExclusiveLock",   "ShareUpdateExclusiveLock",
    "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"};

bool has_file(const WatchedRelation& relation) {
  return relation.kind == 'r' || relation.kind == 'm' || relation.kind == 'i';
}

}  // namespace

LockMode lock_mode_of(std::string_view name) {
  const auto* const found = std::find(mode_names.begin(), mode_names.end(), name);
  return found == mode_names.end() ? LockMode::none : static_cast<LockMode>(found - mode_names.begin());
}

Watch::Watch(db::Session& session, const std::string& journal_schema)
    : session_(session), relations_query_(fmt::format(fmt::runtime(relations_query), quote_literal(journal_schema))) {}

Result<std::vector<db::Row>, db::ServerError> Watch::ask(std::string_view query) {
  auto rows = session_.query(query);
  if (!rows && rows.error().interrupted) interrupted_ = true;
  return rows;
}

Result<Watch::Relations, db::ServerError> Watch::read_relations() {
  MIGRATE_TRY_ASSIGN(const auto rows, ask(relations_query_));
  Relations relations;
  for (const auto& row : rows) {
    relations[id_in(row[0])] = {.schema = row[1].value_or(""),
                                .name = row[2].value_or(""),
                                .kind = row[3].value_or("r").front(),
                                .table = id_in(row[4]),
                                .partition_of = id_in(row[5]),
                                .file = row[6].value_or("0")};
  }
  return relations;
}

Result<Watch::Locks, db::ServerError> Watch::read_locks() {
  MIGRATE_TRY_ASSIGN(const auto rows, ask(locks_query));
  Locks locks;
  for (const auto& row : rows) locks[id_in(row[0])].insert(lock_mode_of(row[1].value_or("")));
  return locks;
}

Result<Watch::Scans, db::ServerError> Watch::read_scans() {
  MIGRATE_TRY_ASSIGN(const auto rows, ask(scans_query));
  Scans scans;
  for (const auto& row : rows) scans[id_in(row[0])] = db::to_number<std::int64_t>(row[1]).value_or(0);
  return scans;
}

Result<void, db::ServerError> Watch::begin() {
  MIGRATE_TRY_ASSIGN(first_, read_relations());
  before_ = first_;
  return {};
}

Watch::Names Watch::names() const {
  Names names;
  for (const auto& [id, relation] : before_) {
    if (first_.contains(id)) names.emplace(relation.schema, relation.name);
  }
  return names;
}

Watch::Names Watch::tables() const {
  Names names;
  for (const auto& [id, relation] : before_) {
    const bool table = relation.kind == 'r' || relation.kind == 'p';
    if (table && first_.contains(id)) names.emplace(relation.schema, relation.name);
  }
  return names;
}

Result<void, db::ServerError> Watch::find_again(const Names& names) {
  MIGRATE_TRY_ASSIGN(before_, read_relations());
  first_.clear();
  for (const auto& [id, relation] : before_) {
    if (names.contains({relation.schema, relation.name})) first_[id] = relation;
  }
  return {};
}

void Watch::statement_started() {
  if (session_.transaction_status() != db::TransactionStatus::idle) return;
  // A new transaction.
  held_.clear();
  scans_.clear();
  if (session_.info().server_version_num >= first_with_flush) {
    (void)ask(flush_query);
  } else if (auto scans = read_scans()) {
    scans_ = *std::move(scans);
  }
}

void Watch::note_files(const Relations& now, Seen& seen) const {
  std::set<std::string> old_files;
  for (const auto& [id, relation] : before_) old_files.insert(relation.file);
  for (const auto& [id, relation] : now) {
    if (!has_file(relation) || relation.file == "0" || old_files.contains(relation.file)) continue;
    const auto found = seen.find(relation.kind == 'i' ? relation.table : id);
    if (found == seen.end()) continue;
    (relation.kind == 'i' ? found->second.indexed : found->second.rewritten) = true;
  }
}

std::optional<Seen> Watch::statement_done(bool truncates) {
  if (session_.transaction_status() != db::TransactionStatus::in_block) {
    if (auto now = read_relations()) before_ = *std::move(now);
    return std::nullopt;
  }
  auto locks = read_locks();
  auto scans = read_scans();
  auto now = read_relations();
  if (!locks || !scans || !now) return std::nullopt;
  Seen seen;
  for (const auto& [id, relation] : first_) {
    const auto before = before_.find(id);
    if (before == before_.end()) continue;
    auto& one = seen[id];
    one.before = before->second;
    one.held = held_[id];
    for (const LockMode mode : (*locks)[id]) {
      if (!one.held.contains(mode)) one.taken = std::max(one.taken, mode);
    }
    one.scanned = !truncates && (*scans)[id] > scans_[id];
  }
  if (!truncates) note_files(*now, seen);
  held_ = *std::move(locks);
  scans_ = *std::move(scans);
  before_ = *std::move(now);
  return seen;
}

std::optional<Seen> Watch::statement_done_outside(const std::map<RelationId, LockMode>& locks) {
  auto now = read_relations();
  if (!now) return std::nullopt;
  Seen seen;
  for (const auto& [id, relation] : first_) {
    const auto before = before_.find(id);
    if (before == before_.end()) continue;
    const auto lock = locks.find(id);
    seen[id] = {.before = before->second, .taken = lock == locks.end() ? LockMode::none : lock->second, .held = {}};
  }
  note_files(*now, seen);
  before_ = *std::move(now);
  return seen;
}

}  // namespace migrate::ops
