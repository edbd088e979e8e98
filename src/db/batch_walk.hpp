// Along the key of a table, so many rows at a time.
#pragma once

#include <migrate/db/journal.hpp>
#include <migrate/db/session.hpp>
#include <migrate/sql/treatment.hpp>

#include <optional>
#include <string>
#include <vector>

namespace migrate::db {

struct KeyColumn {
  std::string name;
  std::string type;  // where it is a domain, what that is over
  bool domain = false;
  // Of the index's operator class, with schema: by their names alone others might be found.
  std::string greater, at_least, at_most, equal;
};

struct BatchKey {
  std::vector<KeyColumn> columns;
  [[nodiscard]] std::vector<std::string> names() const;
};

using KeyValues = std::vector<std::string>;

// The primary key, or else a unique index that orders all rows. None: the table has no such thing.
Result<std::optional<BatchKey>, ServerError> find_key(Session& session, const sql::Batch& batch);

// The table's name with its schema; empty: there is no such table.
Result<std::string, ServerError> find_table(Session& session, const sql::Batch& batch);

// What makes the result of a walk another than the statement's own.
struct Obstacle {
  std::string id, message, hint;
};
Result<std::optional<Obstacle>, ServerError> find_obstacle(Session& session, const sql::Batch& batch);

// Aggregates among the functions that the batch calls.
Result<std::vector<std::string>, ServerError> find_aggregates(Session& session, const sql::Batch& batch);

struct Stretch {
  KeyValues last;
  bool exact = false;  // read again, the texts of `last` are that key
  std::int64_t rows = 0;
};

// One table and its key, as SQL.
class BatchWalk {
 public:
  BatchWalk(const sql::Batch& batch, BatchKey key);

  [[nodiscard]] const BatchKey& key() const { return key_; }

  // The greatest key. None: the table is empty.
  [[nodiscard]] std::string end_sql() const;
  // The key that a batch of so many rows ends with, and how many there are; no row: nothing is left. `after`: empty at
  // the begin.
  [[nodiscard]] std::string next_sql(const KeyValues& after, const KeyValues& end, std::size_t rows) const;
  static std::optional<Stretch> read_next(const std::vector<Row>& answer);
  // Of a batch: those of the statement's table behind `after`, up to `last`.
  [[nodiscard]] std::string condition(const KeyValues& after, const KeyValues& last) const;
  // Whose plan tells how many rows are left.
  [[nodiscard]] std::string rest_sql(const KeyValues& after, const KeyValues& end) const;
  static std::optional<std::int64_t> read_rest(const std::vector<Row>& plan);

 private:
  [[nodiscard]] std::string compare(const std::string& reference, std::string KeyColumn::*last,
                                    std::string KeyColumn::*others, const KeyValues& key) const;
  [[nodiscard]] std::string between(const std::string& reference, const KeyValues& after, const KeyValues& last) const;

  std::string table_;  // as FROM takes it
  std::string reference_;
  BatchKey key_;
};

// Of the key of a table, whose name is a literal: columns, types, places, casts (empty: none is needed), and the
// operators >, >=, <= and =.
std::string key_sql(const std::string& table_literal);

// Asks for the first obstacle: id, message, hint.
std::string obstacle_sql(const sql::Batch& batch);

// How many rows the session has deleted from the table, this transaction's among them; NULL: nobody counts.
std::string deleted_sql(const sql::Batch& batch);

// Asks for what find_table() gives.
std::string full_name_sql(const sql::Batch& batch);

// The name as SQL takes it.
std::string table_sql(const sql::Batch& batch);

}  // namespace migrate::db
