/// \file
/// The statements of a section: where they stand, and what each may do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/sql/scan.hpp>

namespace migrate::sql {

/// `-- migrate:NAME options` directly over a statement (allow, batch, assert).
struct Directive {
  std::string name;      ///< without "migrate:"
  std::string arguments; ///< the rest of the line, trimmed
  ByteRange range;       ///< the whole comment, in the source
  bool operator==(const Directive&) const = default;
};

/// One statement as it stands in a source.
struct Statement {
  ByteRange range;                       ///< without the semicolon, leading and trailing comments
  std::vector<Directive> directives;
  std::optional<ByteRange> copy_data;    ///< the lines after COPY ... FROM stdin, without the closing `\.`
  bool operator==(const Statement&) const = default;
};

/// Cuts `section` of the source into statements: at semicolons outside literals, parentheses and BEGIN ATOMIC bodies;
/// a missing final semicolon is well. Inline data of COPY ... FROM stdin goes with its statement.
/// Errors (with place): `unterminated-literal`, `psql-meta-command` (with advice; \restrict and \unrestrict are passed
/// over), `copy-data-unterminated`, `copy-trailing-text`.
Result<std::vector<Statement>> split_statements(const SourcePtr& source, ByteRange section);

/// Where a statement may run.
enum class BlockRule {
  allowed,             ///< inside a transaction block or outside
  forbidden,           ///< PostgreSQL refuses it inside a transaction block (PreventInTransactionBlock)
  transaction_control, ///< BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION ...: ours to send, refused in revisions
};

enum class TransactionControl { none, begin, commit, rollback, other };

/// What one statement is, read from its parse tree (or, where the parser does not know it, from its first words).
struct StatementFacts {
  std::string summary;              ///< for people: "CREATE INDEX CONCURRENTLY ix_users_email"
  std::string tag;                  ///< the command without its object: "CREATE INDEX CONCURRENTLY"
  BlockRule block_rule = BlockRule::allowed;
  TransactionControl transaction_control = TransactionControl::none;
  bool is_copy_from_stdin = false;
  bool is_copy_to_stdout = false;
  bool concurrently = false;        ///< waits for old snapshots: no lock_timeout, no open transaction of ours elsewhere
  bool parsed = true;               ///< false: newer SQL than this parser knows, or broken SQL; see syntax_error
  std::optional<SyntaxError> syntax_error;  ///< relative to the statement's text
  bool operator==(const StatementFacts&) const = default;
};

/// Source of the block rules: PreventInTransactionBlock calls in PostgreSQL 14 to 18 (tcop/utility.c, commands/*.c).
StatementFacts examine_statement(std::string_view statement_text);

/// SHA-256 over the tokens of a section: comments, white space between tokens, BOM and CRLF don't count; COPY data
/// counts as it is. "tokens1:" and hex; "text1:" and hex of the trimmed text where the scanner refuses the section.
std::string section_checksum(const SourcePtr& source, ByteRange section);

}  // namespace migrate::sql
