/// \file
/// The statements of a section: where they stand, and what each may do.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/sql/scan.hpp>

namespace migrate::sql {

/// `-- migrate:NAME options` on a line of its own over a statement (allow, batch, assert). Blank lines and other
/// comments may stand between. Inside a statement, or after one on its line, a directive is an error: it would be taken
/// for another's.
struct Directive {
  std::string name;       ///< without "migrate:", in lower case
  std::string arguments;  ///< the rest of the line, trimmed
  ByteRange range;        ///< the whole comment, in the source
  bool operator==(const Directive&) const = default;
};

/// The directive in a comment of `text`, if it is one: `--`, white space, `migrate:`, a name of letters and hyphens,
/// upper and lower case alike.
std::optional<Directive> parse_directive(std::string_view text, ByteRange comment);

/// One statement as it stands in a source.
struct Statement {
  ByteRange range;  ///< without the semicolon, leading and trailing comments
  std::vector<Directive> directives;
  std::optional<ByteRange> copy_data;  ///< the lines after COPY ... FROM stdin, without the closing `\.`
  bool operator==(const Statement&) const = default;
};

/// Cuts `section` of the source into statements: at semicolons outside literals, parentheses and BEGIN ATOMIC bodies;
/// a missing final semicolon is well. Inline data of COPY ... FROM stdin goes with its statement. Lone semicolons are
/// passed over, and so are \restrict and \unrestrict lines between statements (pg_dump writes them).
/// Errors (with place, all there are): `unterminated-literal`, `invalid-literal`, `psql-meta-command` (with advice),
/// `copy-data-unterminated`, `copy-trailing-text`, `misplaced-directive`, `directive-without-statement`.
/// Cost: the scanner's; COPY data is only searched for its end.
Result<std::vector<Statement>> split_statements(const SourcePtr& source, ByteRange section);

/// Where a statement may run.
enum class BlockRule {
  allowed,              ///< inside a transaction block or outside
  forbidden,            ///< PostgreSQL refuses it inside a transaction block (PreventInTransactionBlock)
  transaction_control,  ///< BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION ...: ours to send, refused in revisions
};

enum class TransactionControl { none, begin, commit, rollback, other };

/// Data that a statement throws away: a table's rows, a column of a table, all that a schema or a role owns.
struct DestroyedObject {
  std::string name;   ///< for people: "account", "account.last_seen", "schema billing"
  std::string table;  ///< as to_regclass() takes it; empty where it is not one table
  bool operator==(const DestroyedObject&) const = default;
};

/// ALTER TYPE ... ADD VALUE: the type's name without its schema, and the new value.
struct AddedEnumValue {
  std::string type;
  std::string value;
  bool operator==(const AddedEnumValue&) const = default;
};

/// A name as the catalog has it; without a schema the search path says where.
struct CatalogName {
  std::string schema, name;
  bool operator==(const CatalogName&) const = default;
};

/// What a statement that no ROLLBACK undoes does to the catalog: where its end was not seen, one may look there.
struct LastingEffect {
  enum class Kind {
    unknown,           ///< the catalog does not tell
    repeatable,        ///< the same again does no harm: VACUUM, CLUSTER, ALTER SYSTEM ...
    create_index,      ///< CONCURRENTLY: `object` of `table`; no name: the server chose one
    drop_index,        ///< CONCURRENTLY
    reindex,           ///< `object`: one index; `table`: those of a table, of its schema where it has no name, or all
    detach_partition,  ///< CONCURRENTLY: `object` of `table`
    create_database,
    drop_database,
    create_tablespace,
    drop_tablespace,
  };
  Kind kind = Kind::unknown;
  CatalogName object, table;
  bool conditional = false;  ///< IF EXISTS, IF NOT EXISTS
  bool operator==(const LastingEffect&) const = default;
};

/// What one statement is. The names are read from its first words, as written; the rest from its parse tree (or, where
/// the parser does not know it, from its first words too).
struct StatementFacts {
  std::string summary;  ///< for people, at most 60 columns: "CREATE INDEX CONCURRENTLY ix_users_email"
  std::string tag;      ///< the command without its object: "CREATE INDEX CONCURRENTLY"
  BlockRule block_rule = BlockRule::allowed;
  TransactionControl transaction_control = TransactionControl::none;
  bool is_copy_from_stdin = false;
  bool is_copy_to_stdout = false;
  bool concurrently = false;  ///< waits for old snapshots: no lock_timeout, no open transaction of ours elsewhere
  std::vector<DestroyedObject> destroys;
  std::optional<AddedEnumValue> added_enum_value;
  std::string created_enum;  ///< of CREATE TYPE ... AS ENUM: its name without its schema
  LastingEffect effect;      ///< of a statement that runs outside a transaction block
  bool parsed = true;        ///< false: newer SQL than this parser knows, or broken SQL; see syntax_error
  std::optional<SyntaxError> syntax_error;  ///< relative to the statement's text
  bool operator==(const StatementFacts&) const = default;
};

/// The PostgreSQL whose SQL the parser knows: 150001.
int parser_version();

/// Source of the block rules: PreventInTransactionBlock calls in PostgreSQL 14 to 18 (tcop/utility.c, commands/*.c).
/// CALL and DO may commit inside, and REINDEX and CLUSTER are refused for partitioned tables: neither can be seen from
/// here, they count as allowed. Cost: about 20 us for a short statement; one of more than 4 MiB is data, and is known
/// by its first words alone.
StatementFacts examine_statement(std::string_view statement_text);

/// The first statement that names an enum value which an earlier one of them added. PostgreSQL refuses to use such a
/// value in the transaction that added it (55P04), unless it made the type too. Requires: facts[i] is of statements[i].
std::optional<std::size_t> first_use_of_new_enum_value(const SourcePtr& source, std::span<const Statement> statements,
                                                       std::span<const StatementFacts> facts);

/// SHA-256 over the tokens of a section, statement by statement: comments, white space between tokens, BOM, CRLF, the
/// case of unquoted words, lone semicolons and the final one don't count; COPY data counts as it is, CRLF as LF.
/// "tokens1:" and hex; "text1:" and hex of the trimmed text where the section cannot be cut into statements.
std::string section_checksum(const SourcePtr& source, ByteRange section);

}  // namespace migrate::sql
