/// \file
/// What a statement does to relations while it runs: locks, rewrites, scans, index builds.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/catalog/schema.hpp>
#include <migrate/sql/model.hpp>

namespace migrate::rules {

/// PostgreSQL's lock modes of tables, the weakest first.
enum class LockMode {
  none,
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};

/// "SHARE UPDATE EXCLUSIVE"; empty for none.
std::string_view to_text(LockMode mode);
/// INSERT, UPDATE, DELETE of others wait for it.
constexpr bool blocks_writes(LockMode mode) { return mode >= LockMode::share; }
/// SELECT of others waits for it.
constexpr bool blocks_reads(LockMode mode) { return mode == LockMode::access_exclusive; }

/// `maybe`: only the server knows (the present type of a column, a function's volatility).
enum class Work { no, maybe, yes };

/// What one relation is in a statement.
enum class Part {
  target,             ///< what the statement names
  partitions,         ///< of the target: its partitions and children, theirs too
  parent,             ///< the partitioned table that the target is a partition of
  default_partition,  ///< of the target, or of its parent
  other,              ///< a second one that the statement names: a partition to attach, a parent
  table,              ///< that has the index
  indexes,            ///< of the target; told only where their lock is stronger than the table's
  referenced,         ///< by a foreign key; with its partitions
  referencing,        ///< by a foreign key
  reads,              ///< of a query; with their partitions
  dependents,         ///< views, tables with a column of the type
  sequences,          ///< owned by the target or its columns
};
std::string_view to_text(Part part);

/// `work`: R rewrites the table, S reads all of it, I builds an index; small letters: maybe.
struct Touch {
  Part part = Part::target;
  LockMode lock = LockMode::none;
  std::string_view work;
};

/// What the table tells apart, see src/rules/effects/shape.hpp.
enum class Shape : std::uint8_t;

/// One row of the table of effects. A statement may be several rows: of each relation the strongest counts.
/// Source: measured on PostgreSQL 14 to 18 by tests/effects, which replay each row; docs/reference/locks.md shows them.
struct EffectRow {
  Shape shape;
  std::string_view statement;  ///< "ALTER TABLE ... SET NOT NULL"
  std::array<Touch, 4> touches{};
  std::string_view note = {};
  int since = 0;  ///< major version; 0: all that are supported
  int until = 99;
  bool transaction = true;  ///< may run in a transaction block
};

/// All rows, in the order of the document.
std::span<const EffectRow> effect_rows();

/// Of a relation that is there before the statement. One that nobody knows of counts, unless the schema is complete.
struct RelationEffect {
  sql::QualifiedName name;  ///< with its schema, where that is known
  sql::ObjectKind kind = sql::ObjectKind::table;
  LockMode lock = LockMode::none;
  Work rewrite = Work::no;
  Work scan = Work::no;  ///< also where it is rewritten or an index of it is built
  Work index_build = Work::no;
};

struct StatementEffects {
  std::vector<RelationEffect> relations;  ///< each once, in the order of their names
  std::vector<sql::QualifiedName>
      introduces;           ///< relations and types that it makes or names anew, as far as they have names
  bool transaction = true;  ///< may run in a transaction block
  /// False: it may do more than is told here (DO blocks, SQL that the parser does not know, relations that are not
  /// known).
  bool complete = true;
  std::vector<const EffectRow*> rows;  ///< by which this is known

  [[nodiscard]] const RelationEffect* find(const sql::QualifiedName& name) const;
};

/// What the statement does to the relations of `before`. `server_version`: 150018.
/// A temporary table of this session counts as any other.
StatementEffects effects_of(const sql::Model& statement, const catalog::Schema& before, int server_version);

}  // namespace migrate::rules
