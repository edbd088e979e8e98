/// \file
/// A statement as values: what PostgreSQL's parse tree says, for those who judge it. One place knows the tree's quirks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <migrate/base/source.hpp>
#include <migrate/sql/scan.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::sql {

/// A name as the server stores it (unquoted words are in lower case). All ranges of a model are in the source.
struct QualifiedName {
  std::string schema;  ///< empty: found by search_path
  std::string name;
  ByteRange range;  ///< as written; empty where the tree doesn't tell
  /// Compares the names alone.
  bool operator==(const QualifiedName& other) const { return schema == other.schema && name == other.name; }
};

/// `schema.name`, quoted where the server would need it.
std::string to_text(const QualifiedName& name);

/// A type as PostgreSQL names it inside: int2 int4 int8 float4 float8 numeric bool text varchar bpchar timestamp
/// timestamptz time timetz date interval bit varbit json jsonb uuid bytea money ...; a user's type by its own name.
/// serial types are int2/int4/int8 with `serial` set.
struct TypeRef {
  std::string schema;  ///< of a user's type where written; empty for built-in ones
  std::string name;
  std::vector<std::int64_t> modifiers;  ///< varchar(40): {40}; numeric(10,2): {10, 2}
  int array_dimensions = 0;
  bool serial = false;
  bool quoted_char = false;  ///< the one-byte type "char"
  ByteRange range;           ///< as written, with modifiers and brackets
};

struct FunctionCall {
  QualifiedName name;
  std::size_t arguments = 0;
};

/// What is to be known of an expression without its types.
struct Expression {
  std::string text;  ///< as written
  ByteRange range;
  bool literal = false;  ///< a constant, possibly cast or signed, or an ARRAY of such
  bool null = false;     ///< NULL, possibly cast
  bool has_subquery = false;
  /// Every call inside. CURRENT_TIMESTAMP, COALESCE and their like are not calls; AT TIME ZONE, EXTRACT and other calls
  /// in SQL's own words have the schema pg_catalog.
  std::vector<FunctionCall> functions;
  std::vector<std::string> columns;  ///< column names without their table, each once
  std::vector<std::string>
      proves_not_null;  ///< columns that can't be NULL where this is true: AND parts `c IS NOT NULL`
};

enum class ConstraintKind {
  not_null,
  null,
  default_value,
  identity,
  generated,
  check,
  primary_key,
  unique,
  exclusion,
  foreign_key
};

struct Constraint {
  ConstraintKind kind = ConstraintKind::check;
  std::string name;  ///< empty: the server picks one
  ByteRange range;   ///< from CONSTRAINT or the first keyword to its end
  ByteRange name_range;
  std::vector<std::string> columns;      ///< of the table: of a column's constraint its column
  std::optional<Expression> expression;  ///< default, generated, check
  bool not_valid = false;
  bool deferrable = false;
  bool initially_deferred = false;
  bool no_inherit = false;
  bool stored = true;       ///< of generated columns: not virtual
  std::string using_index;  ///< ADD ... USING INDEX
  std::vector<std::string> include;
  QualifiedName references;                     ///< of foreign keys
  std::vector<std::string> referenced_columns;  ///< empty: its primary key
  bool on_delete_written = false;               ///< ON DELETE NO ACTION counts as written
  std::string on_delete = "NO ACTION";
  std::string on_update = "NO ACTION";
  std::optional<Expression> where;  ///< of exclusion constraints
};

struct Column {
  std::string name;
  ByteRange range;  ///< the whole definition
  ByteRange name_range;
  TypeRef type;
  std::string collation;
  std::vector<Constraint> constraints;

  [[nodiscard]] const Constraint* find(ConstraintKind kind) const;
};

enum class ObjectKind {
  table,
  view,
  materialized_view,
  foreign_table,
  index,
  sequence,
  column,
  constraint,
  schema,
  type,
  domain,
  enum_value,
  function,
  procedure,
  aggregate,
  trigger,
  policy,
  rule,
  extension,
  database,
  role,
  tablespace,
  publication,
  subscription,
  collation,
  cast,
  statistics,
  attribute,
  other
};

/// "table", "materialized view".
std::string_view to_text(ObjectKind kind);

struct LikeClause {
  QualifiedName table;
  bool including_indexes = false;
  bool including_constraints = false;
  bool including_defaults = false;
};

/// CREATE TABLE, CREATE FOREIGN TABLE, CREATE TABLE AS, SELECT INTO.
struct CreateTable {
  QualifiedName name;
  bool if_not_exists = false;
  bool temporary = false;
  bool unlogged = false;
  bool foreign = false;
  bool as_query = false;  ///< its columns come from a query
  bool with_data = true;  ///< of as_query
  std::vector<Column> columns;
  std::vector<Constraint> constraints;  ///< of the table; those of columns are with them
  std::vector<QualifiedName> inherits;
  std::optional<QualifiedName> partition_of;
  bool default_partition = false;
  bool partitioned = false;  ///< PARTITION BY
  std::vector<LikeClause> likes;
  std::vector<QualifiedName> reads;  ///< of as_query
};

enum class AlterKind {
  add_column,
  drop_column,
  set_default,
  drop_default,
  set_not_null,
  drop_not_null,
  set_type,
  set_statistics,
  set_storage,
  set_compression,
  set_expression,
  drop_expression,
  add_identity,
  set_identity,
  drop_identity,
  column_options,
  add_constraint,
  validate_constraint,
  alter_constraint,
  drop_constraint,
  attach_partition,
  detach_partition,
  finalize_detach,
  inherit,
  no_inherit,
  of_type,
  not_of_type,
  enable_trigger,
  disable_trigger,
  enable_rule,
  disable_rule,
  row_security,
  replica_identity,
  owner,
  set_schema,
  set_logged,
  set_unlogged,
  set_tablespace,
  set_access_method,
  set_options,
  reset_options,
  cluster_on,
  set_without_cluster,
  add_attribute,
  drop_attribute,
  alter_attribute,
  other
};

struct AlterCommand {
  AlterKind kind = AlterKind::other;
  ByteRange range;                       ///< from its first word (ADD, ALTER, DROP ...) to its end
  std::string name;                      ///< column, constraint, trigger; schema, owner, tablespace, access method
  std::optional<Column> column;          ///< add_column
  std::optional<Constraint> constraint;  ///< add_constraint
  std::optional<TypeRef> type;           ///< set_type
  std::string collation;                 ///< set_type
  std::optional<Expression> expression;  ///< set_default, USING of set_type, set_expression
  QualifiedName other;                   ///< partition, parent, attached index
  bool default_partition = false;        ///< attach_partition
  bool concurrently = false;             ///< detach_partition
  bool cascade = false;
  bool if_exists = false;            ///< DROP ... IF EXISTS
  bool if_not_exists = false;        ///< ADD COLUMN IF NOT EXISTS
  bool all_triggers = false;         ///< ENABLE/DISABLE TRIGGER ALL or USER
  bool enables = true;               ///< row_security: ENABLE or FORCE, not DISABLE or NO FORCE
  std::vector<std::string> options;  ///< names of set_options, reset_options, column_options
};

/// ALTER TABLE and its like on views, indexes, sequences, composite types.
struct AlterTable {
  ObjectKind object = ObjectKind::table;
  QualifiedName name;
  bool if_exists = false;
  bool only = false;
  std::vector<AlterCommand> commands;
};

struct IndexElement {
  std::string column;  ///< empty: an expression
  std::optional<Expression> expression;
  std::string operator_class;
  std::string collation;
  bool descending = false;
  bool nulls_written = false;
};

struct CreateIndex {
  std::string name;  ///< empty: the server picks one
  ByteRange name_range;
  QualifiedName table;
  std::vector<IndexElement> elements;
  std::vector<std::string> include;
  std::string method;  ///< "btree" where not written
  std::optional<Expression> where;
  bool unique = false;
  bool concurrently = false;
  bool if_not_exists = false;
  bool only = false;
};

struct Drop {
  ObjectKind object = ObjectKind::table;
  std::vector<QualifiedName> names;   ///< of triggers, policies, rules: the table
  std::vector<std::string> of_table;  ///< of triggers, policies, rules: their own names
  bool if_exists = false;
  bool cascade = false;
  bool concurrently = false;
};

struct Rename {
  ObjectKind object = ObjectKind::table;
  ObjectKind relation_kind = ObjectKind::table;  ///< of columns, constraints: what they belong to
  QualifiedName relation;                        ///< the relation, or the object itself
  std::string old_name;                          ///< of columns, constraints, triggers, enum values, attributes
  std::string new_name;
  ByteRange new_name_range;
  bool if_exists = false;
};

/// ALTER ... SET SCHEMA of what is no table, and of tables.
struct SetSchema {
  ObjectKind object = ObjectKind::table;
  QualifiedName name;
  std::string new_schema;
};

struct CreateSequence {
  QualifiedName name;
  bool if_not_exists = false;
  bool temporary = false;
};
struct AlterSequence {
  QualifiedName name;
  bool restart = false;
};
struct CreateView {
  QualifiedName name;
  bool or_replace = false;
  bool materialized = false;
  bool temporary = false;
  bool if_not_exists = false;
  bool with_data = true;
  std::vector<QualifiedName> reads;
};
struct RefreshView {
  QualifiedName name;
  bool concurrently = false;
  bool with_data = true;
};
/// Its elements (CREATE SCHEMA s CREATE TABLE ...) are counted, not read.
struct CreateSchema {
  std::string name;
  ByteRange name_range;
  bool if_not_exists = false;
  std::size_t elements = 0;
};
struct CreateEnum {
  QualifiedName name;
  std::vector<std::string> values;
};
struct CreateType {
  QualifiedName name;
};  ///< composite, range, base, shell
struct CreateDomain {
  QualifiedName name;
  TypeRef type;
  std::vector<Constraint> constraints;
};
struct AlterDomain {
  QualifiedName name;
  enum class Kind {
    set_default,
    drop_default,
    set_not_null,
    drop_not_null,
    add_constraint,
    drop_constraint,
    validate_constraint
  } kind = Kind::set_default;
  std::string constraint_name;
  std::optional<Constraint> constraint;
};
struct AddEnumValue {
  QualifiedName type;
  std::string value;
  bool placed = false;
  bool if_not_exists = false;
};  ///< placed: BEFORE or AFTER
struct CreateTrigger {
  std::string name;
  ByteRange name_range;
  QualifiedName table;
  QualifiedName function;
  bool or_replace = false;
  bool constraint = false;
  bool for_each_row = false;
};
struct CreateFunction {
  QualifiedName name;
  bool or_replace = false;
  bool procedure = false;
  std::string language;
  std::string body;
  ByteRange body_range;
  std::string volatility;
  std::size_t arguments = 0;
};
struct DoBlock {
  std::string language;
  std::string body;
  ByteRange body_range;
};
struct CreatePolicy {
  std::string name;
  QualifiedName table;
};
struct CreateRule {
  std::string name;
  QualifiedName table;
};
struct CreateExtension {
  std::string name;
  bool if_not_exists = false;
};
struct CreateStatistics {
  QualifiedName name;
  std::vector<QualifiedName> tables;
};

/// INSERT, UPDATE, DELETE, MERGE; also inside WITH: `reads` has every other table.
struct ChangeRows {
  enum class Kind { insert, update, remove, merge } kind = Kind::insert;
  QualifiedName table;
  bool has_where = false;
  bool from_query = false;           ///< INSERT ... SELECT, UPDATE ... FROM
  std::vector<std::string> columns;  ///< assigned ones, as written, also twice
  std::vector<QualifiedName> reads;
  std::vector<FunctionCall> functions;
  std::vector<ChangeRows> inside;  ///< those in its WITH
};

/// Without changes to rows: a SELECT that has some in its WITH is the first of them.
struct Select {
  std::vector<QualifiedName> reads;
  std::vector<FunctionCall> functions;
  bool for_update = false;
};
struct Truncate {
  std::vector<QualifiedName> tables;
  bool cascade = false;
  bool restart_identity = false;
};
struct LockTable {
  std::vector<QualifiedName> tables;
  std::string mode;
};
/// keyword_range: INDEX, TABLE ... after which CONCURRENTLY stands.
struct Reindex {
  enum class Kind { index, table, schema, database, system } kind = Kind::index;
  QualifiedName name;
  bool concurrently = false;
  ByteRange keyword_range;
};
struct Vacuum {
  bool analyze_only = false;
  bool full = false;
  std::vector<QualifiedName> tables;
};
struct Cluster {
  std::optional<QualifiedName> table;
};
struct Copy {
  QualifiedName table;
  bool from = false;
  bool standard_stream = false;
};
/// Of constraints, triggers, policies and rules `name` is the relation.
struct Comment {
  ObjectKind object = ObjectKind::table;
  QualifiedName name;
  std::string column;
  bool removes = false;
};
/// SET, RESET: name in lower case; `local` of SET LOCAL; SET ROLE and SESSION AUTHORIZATION are "role",
/// "session_authorization". RESET ALL is "all", SET TRANSACTION "transaction". keyword_range: SET, SET LOCAL, SET
/// SESSION or RESET.
struct SetVariable {
  std::string name;
  bool local = false;
  bool reset = false;
  std::vector<std::string> values;
  ByteRange keyword_range;
};
struct Privileges {
  ObjectKind object = ObjectKind::table;
  bool grant = true;
  std::vector<QualifiedName> objects;
};
struct Transaction {
  std::string word;
};  ///< "BEGIN", "COMMIT", "SAVEPOINT" ...
/// Everything else by its tag ("ALTER SYSTEM", "CREATE DATABASE", "CALL").
struct Other {
  std::string tag;
  std::vector<QualifiedName> names;
};

using Action = std::variant<Other, CreateTable, AlterTable, CreateIndex, Drop, Rename, SetSchema, CreateSequence,
                            AlterSequence, CreateView, RefreshView, CreateSchema, CreateEnum, CreateType, CreateDomain,
                            AlterDomain, AddEnumValue, CreateTrigger, CreateFunction, DoBlock, CreatePolicy, CreateRule,
                            CreateExtension, CreateStatistics, ChangeRows, Select, Truncate, LockTable, Reindex, Vacuum,
                            Cluster, Copy, Comment, SetVariable, Privileges, Transaction>;

/// One statement, read.
struct Model {
  Action action;
  bool parsed = true;         ///< false: SQL that this parser doesn't know; `action` is Other with the tag of its words
  std::vector<Token> tokens;  ///< with comments, in the source
};

/// The tokens of the statement in source order; the same for SQL that the parser does not know. Of rows of more than
/// 64 KiB only the first ones.
/// Requires: `statement` is one statement of the source. Cost: about that of examine_statement().
Model read_model(const SourcePtr& source, ByteRange statement);

/// What examine_statement() and read_model() tell, for the price of one.
struct Understood {
  StatementFacts facts;
  Model model;
};
Understood understand(const SourcePtr& source, ByteRange statement);

/// The first keyword tokens: "CREATE UNIQUE INDEX" of them, as a range; where a caret belongs. `words`: how many.
ByteRange first_words(const Model& model, std::size_t words);

/// A function body or DO block in PL/pgSQL: the SQL statements inside that can be told, PERFORM and the queries of
/// loops and RETURN QUERY as SELECT, with dynamic ones (EXECUTE) counted.
struct EmbeddedSql {
  std::vector<std::string> statements;
  std::size_t dynamic = 0;  ///< EXECUTE of a computed text
  bool parsed = true;       ///< false: the body is not PL/pgSQL that this parser knows
};
/// `create` is the whole CREATE FUNCTION or DO statement's text.
EmbeddedSql read_plpgsql(std::string_view create);

}  // namespace migrate::sql
