// What a statement does to relations, seen from inside its own transaction: locks, files written anew, tables read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <migrate/db/session.hpp>
#include <migrate/rules/effects.hpp>

namespace migrate::ops {

using RelationId = std::uint32_t;  // pg_class.oid

// One relation of users, as it was before a statement.
struct WatchedRelation {
  std::string schema, name;
  char kind = 'r';       // pg_class.relkind
  RelationId table = 0;  // of an index
  RelationId partition_of = 0;
  std::string file;  // pg_class.relfilenode
};

// What a statement did to one that was there before the watch began.
struct SeenRelation {
  WatchedRelation before;
  rules::LockMode taken = rules::LockMode::none;  // the strongest one that the transaction did not hold already
  std::set<rules::LockMode> held;                 // those that it did
  bool rewritten = false;
  bool scanned = false;
  bool indexed = false;  // an index of it was built
};

using Seen = std::map<RelationId, SeenRelation>;

// Of one session. Statements are told to it when they begin and when they are done, before their transaction ends.
class Watch {
 public:
  // The journal is not watched: what we do to it is no work of the statement.
  Watch(db::Session& session, const std::string& journal_schema);

  // Only what is there now is watched. Errors: the server's.
  Result<void, db::ServerError> begin();

  // What is watched, under its present names; and the same again after it was perhaps dropped and made anew.
  using Names = std::set<std::pair<std::string, std::string>>;
  [[nodiscard]] Names names() const;
  [[nodiscard]] Names tables() const;  // of those the tables: what LOCK TABLE takes
  Result<void, db::ServerError> find_again(const Names& names);

  void statement_started();
  // Ctrl-C was told to a question of the watch: nobody else will hear of it.
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  // Nothing where no transaction is open: then the locks are gone. `truncates`: an empty file is in the place of a full
  // one, which is no work.
  std::optional<Seen> statement_done(bool truncates);
  // Of a statement outside a transaction, whose locks others have seen.
  std::optional<Seen> statement_done_outside(const std::map<RelationId, rules::LockMode>& locks);

 private:
  using Relations = std::map<RelationId, WatchedRelation>;
  using Locks = std::map<RelationId, std::set<rules::LockMode>>;
  using Scans = std::map<RelationId, std::int64_t>;

  Result<std::vector<db::Row>, db::ServerError> ask(std::string_view query);
  Result<Relations, db::ServerError> read_relations();
  Result<Locks, db::ServerError> read_locks();
  Result<Scans, db::ServerError> read_scans();
  void note_files(const Relations& now, Seen& seen) const;

  db::Session& session_;
  std::string relations_query_;
  Relations first_;   // at the beginning of the watch
  Relations before_;  // before the statement
  Locks held_;
  Scans scans_;
  bool interrupted_ = false;
};

// As pg_locks names it: "AccessExclusiveLock".
rules::LockMode lock_mode_of(std::string_view name);

}  // namespace migrate::ops
