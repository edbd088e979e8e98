/// \file
/// How a statement is to be run, as the comments `-- migrate:batch` and `-- migrate:assert` over it say.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/sql/model.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::sql {

enum class BatchKind { update, remove, insert };

/// A statement that runs in many transactions.
struct Batch {
  BatchKind kind = BatchKind::update;

  /// As it stands, until it changes no row: it bounds itself. Otherwise a table is walked along its key.
  bool repeat = false;
  std::size_t rows = 5000;                                  ///< of the table, in one transaction
  std::optional<std::chrono::milliseconds> pause, max_lag;  ///< unset ones come from the settings

  QualifiedName table;                ///< that is walked; of a repeated statement the one that it takes its rows from
  QualifiedName target;               ///< that an INSERT adds rows to
  std::vector<QualifiedName> joined;  ///< that an UPDATE or DELETE reads beside it, in FROM, USING and WITH
  bool only = false;                  ///< without the tables that inherit from it
  std::string reference;              ///< what its columns are qualified with, quoted
  std::vector<std::string> assigned;  ///< columns of it that an UPDATE assigns
  std::vector<std::string> called;    ///< functions in the list of an INSERT's SELECT: an aggregate can't be cut up
  bool has_where = false;
  ByteRange condition;  ///< in the statement's text: that of its WHERE; empty: the place for one
  bool operator==(const Batch&) const = default;
};

/// A SELECT that must return true.
struct Assertion {
  std::string message;  ///< what it asserts, in the user's words; may be empty
  bool operator==(const Assertion&) const = default;
};

struct Treatment {
  std::optional<Batch> batch;
  std::optional<Assertion> assertion;
  bool operator==(const Treatment&) const = default;
};

/// Errors (with place): `unsupported-directive`, `invalid-directive` (options, two where one has to do),
/// `invalid-batch` (a statement that can't be cut up, or of which nobody can tell that it ends), `invalid-assertion`
/// (no SELECT).
Result<Treatment> read_treatment(const SourcePtr& source, const Statement& statement);

/// A statement's text with one more condition. `inserted` is what the text has more than the original.
struct Narrowed {
  std::string text;
  std::vector<ByteRange> inserted;  ///< in `text`, in order
};
/// Requires: `batch` is of this statement, and walks a table.
Narrowed narrow(std::string_view statement, const Batch& batch, std::string_view condition);

/// The place in the original; none where it is in what was inserted.
std::optional<ByteOffset> to_original(const Narrowed& narrowed, ByteOffset offset);

}  // namespace migrate::sql
