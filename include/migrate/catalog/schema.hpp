/// \file
/// What is known of a database's schema: read from a server, or gathered from the statements that ran before.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <migrate/sql/model.hpp>

namespace migrate::catalog {

/// Whether a table holds rows. `assumed`: nobody could be asked, and a table in production is full.
enum class Rows { none, some, assumed };

/// Where a thing comes from, as the statement that is judged sees it.
enum class Origin {
  database,       ///< it was there before the run: other clients may use it now
  earlier,        ///< made by an earlier revision that is not applied yet
  this_revision,  ///< made by the revision under judgement: nobody else sees it before it commits
};

/// A constraint of a relation; kinds `not_null` appear from PostgreSQL 18 on, where they have names.
struct TableConstraint {
  std::string name;
  sql::ConstraintKind kind = sql::ConstraintKind::check;
  std::vector<std::string> columns;
  bool valid = true;
  sql::QualifiedName references;  ///< of foreign keys
  std::vector<std::string> referenced_columns;
  std::string definition;                    ///< pg_get_constraintdef's; empty where only statements told of it
  std::vector<std::string> proves_not_null;  ///< of valid and invalid checks alike: look at `valid`
  bool no_inherit = false;
  std::string parent;  ///< the constraint of the partitioned table that it is a part of
  Origin origin = Origin::database;
};

struct Index {
  std::string name;
  std::vector<std::string> columns;  ///< keys, in order; an expression is an empty string
  std::vector<std::string> include;
  std::vector<std::string> reads;  ///< every column it needs: keys, included, in expressions, in its predicate
  bool unique = false;
  bool primary = false;
  bool valid = true;
  bool partial = false;
  bool has_expression = false;
  bool descending = false;  ///< some element with an order of its own
  std::string method = "btree";
  std::string predicate;       ///< of partial ones, as written or as the server prints it
  bool of_constraint = false;  ///< of the constraint with its name
  std::string parent;          ///< the index of the partitioned table that it is a part of
  Origin origin = Origin::database;
};

struct TableColumn {
  std::string name;
  sql::TypeRef type;
  bool not_null = false;
  bool has_default = false;
  bool generated = false;
  bool identity = false;
  std::optional<double> null_fraction;  ///< pg_stats, of an analysed table
  std::vector<std::string> views;       ///< views and materialized views that read it, as to_text() names them
  Origin origin = Origin::database;
};

/// The column that a sequence goes away with.
struct SequenceOwner {
  sql::QualifiedName table;
  std::string column;
};

struct Relation {
  sql::QualifiedName name;  ///< with its schema
  sql::ObjectKind kind = sql::ObjectKind::table;
  bool partitioned = false;
  bool temporary = false;
  bool columns_known = true;  ///< false: made by a query, LIKE or INHERITS of what isn't known
  std::optional<sql::QualifiedName> partition_of;
  std::optional<sql::QualifiedName> default_partition;
  std::vector<sql::QualifiedName> inherits;  ///< parents of INHERITS
  std::optional<SequenceOwner> owned_by;     ///< of sequences
  std::vector<TableColumn> columns;
  std::vector<TableConstraint> constraints;
  std::vector<Index> indexes;
  bool populated = true;  ///< of materialized views
  Rows rows = Rows::assumed;
  std::optional<std::uint64_t> bytes;  ///< the heap's, of all partitions together
  std::optional<double> row_estimate;  ///< reltuples where it was ever counted
  Origin origin = Origin::database;
  std::string made_by;   ///< the revision that made it, where known
  bool emptied = false;  ///< by a TRUNCATE of this revision: others fill it again after it

  [[nodiscard]] const TableColumn* column(std::string_view name) const;
  [[nodiscard]] TableColumn* column(std::string_view name);
  [[nodiscard]] const TableConstraint* constraint(std::string_view name) const;
  [[nodiscard]] TableConstraint* constraint(std::string_view name);
  [[nodiscard]] const Index* index(std::string_view name) const;
  [[nodiscard]] Index* index(std::string_view name);
  /// The columns of its primary key; empty: there is none.
  [[nodiscard]] std::vector<std::string> primary_key() const;
  /// True if a valid constraint or the column itself forbids NULL.
  [[nodiscard]] bool proven_not_null(std::string_view column) const;
};

enum class Volatility { immutable, stable, volatile_ };

struct Type {
  sql::QualifiedName name;
  bool is_enum = false;
  bool is_domain = false;
  bool constrained = false;                 ///< a domain with a CHECK or NOT NULL, its base domains counted
  sql::TypeRef base;                        ///< of domains
  std::vector<std::string> labels;          ///< of enums
  std::vector<sql::QualifiedName> used_by;  ///< tables with a column of it
  Origin origin = Origin::database;
};

struct Function {
  sql::QualifiedName name;
  Volatility volatility = Volatility::volatile_;
  Origin origin = Origin::database;
};

/// An inbound foreign key: who points at a table.
struct InboundKey {
  sql::QualifiedName table;
  std::string constraint;
  std::vector<std::string> referenced_columns;
};

/// A schema as far as it is known. `complete`: what isn't in it does not exist.
class Schema {
 public:
  bool complete = false;              ///< of the relations that were asked for
  std::optional<int> server_version;  ///< 150018
  std::string time_zone;              ///< of the session; empty: unknown
  std::vector<std::string> search_path{"public"};

  /// With `name`'s own schema, or found along the search path; null where it isn't known.
  [[nodiscard]] const Relation* find(const sql::QualifiedName& name) const;
  [[nodiscard]] Relation* find(const sql::QualifiedName& name);
  /// The relation that owns the index, and the index.
  [[nodiscard]] std::pair<const Relation*, const Index*> find_index(const sql::QualifiedName& name) const;
  [[nodiscard]] const Type* find_type(const sql::QualifiedName& name) const;
  [[nodiscard]] const Type* find_type(const sql::TypeRef& type) const;
  [[nodiscard]] Type* find_type(const sql::QualifiedName& name);
  /// The most volatile of that name; null where it isn't known (built-in ones: see built_in_volatility()).
  [[nodiscard]] const Function* find_function(const sql::QualifiedName& name) const;
  [[nodiscard]] std::vector<InboundKey> inbound_keys(const sql::QualifiedName& table) const;
  /// The name with the schema it lives in, or would be made in.
  [[nodiscard]] sql::QualifiedName resolve(const sql::QualifiedName& name) const;
  /// The same of types: their built-in names stay without a schema.
  [[nodiscard]] sql::QualifiedName resolve_type(const sql::QualifiedName& name) const;

  Relation& add(Relation relation);  ///< replaces one of the same name
  void remove(const sql::QualifiedName& name);
  Type& add(Type type);
  void remove_type(const sql::QualifiedName& name);
  void add(Function function);  ///< beside others of its name: the most volatile counts
  void remove_function(const sql::QualifiedName& name);
  [[nodiscard]] const std::map<std::string, Relation>& relations() const { return relations_; }
  /// For a change that may reach any of them.
  [[nodiscard]] std::map<std::string, Relation>& changing_relations();
  [[nodiscard]] const std::map<std::string, Type>& types() const { return types_; }
  [[nodiscard]] std::map<std::string, Type>& types() { return types_; }
  [[nodiscard]] const std::map<std::string, Function>& functions() const { return functions_; }
  [[nodiscard]] std::map<std::string, Function>& functions() { return functions_; }

  /// SET search_path, until reset_search_path(): RESET, or the end of a revision.
  void set_search_path(std::vector<std::string> schemas);
  void reset_search_path();
  /// Those that may have changed since the last call: added, or handed out for writing. Cost: of these alone.
  [[nodiscard]] std::vector<Relation*> take_changed();
  /// Whether the answers of resolve() are kept: many rules ask for the same names. Requires: while they are, nothing of
  /// the schema changes.
  void keep_answers(bool keep);

 private:
  [[nodiscard]] std::pair<const Relation*, const Index*> index_at(const sql::QualifiedName& name) const;

  std::map<std::string, Relation> relations_;  // by "schema.name", quoted where needed
  std::set<std::string> changed_;              // keys of relations_, some perhaps gone
  bool all_changed_ = false;
  // Of the others, where an index of that name is, or was: keys of relations_.
  std::unordered_map<std::string, std::vector<std::string>> index_homes_;
  std::map<std::string, Type> types_;
  std::map<std::string, Function> functions_;
  std::optional<std::vector<std::string>> session_search_path_;  // what a RESET gives back
  bool keeps_answers_ = false;
  mutable std::map<std::string, std::string, std::less<>> schema_of_;  // of relations and indexes named without one
};

/// Of PostgreSQL's own functions, by name; nothing for a name that is none of its own.
/// Source: pg_proc of PostgreSQL 14 to 18, less the names whose overloads differ (those count as the most volatile).
std::optional<Volatility> built_in_volatility(std::string_view name);

/// Who makes the things that a statement makes.
struct Maker {
  Origin origin = Origin::this_revision;
  std::string revision;
  /// What new tables hold for the statements after: `none` where it is the truth (a live database, this revision).
  Rows rows = Rows::none;
};

/// The schema after the statement: what it makes, changes and drops. What is not known stays unknown: an ALTER of an
/// unknown table makes no table.
void apply(Schema& schema, const sql::Model& statement, const Maker& maker);

/// At the end of a revision: what it made is now from an `earlier` one, and holds `rows` (unless it is known better).
/// Temporary relations are gone, and the search path is the session's again.
void end_revision(Schema& schema, Rows rows);

/// The names in statements that a server must be asked about before they are judged.
struct Mentioned {
  std::vector<sql::QualifiedName> relations;  ///< tables, views, indexes, sequences
  std::vector<sql::QualifiedName> types;
  std::vector<sql::QualifiedName> functions;
  std::vector<std::string> schemas;  ///< of SET search_path: names without a schema may be in these too
};
void mention(Mentioned& names, const sql::Model& statement);

}  // namespace migrate::catalog
