// Goes through a text statement by statement, in windows: neither a large text nor COPY data is scanned at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/source.hpp>
#include <migrate/sql/scan.hpp>

namespace migrate::sql {

struct WalkedStatement {
  ByteRange range;
  std::vector<Token> tokens;  // without comments and the semicolon; places in the whole text
  std::vector<ByteRange> comments_before;
  std::vector<ByteRange> comments_inside;  // up to the semicolon
  std::optional<ByteRange> copy_data;
};

// What stands in the way. The range is in the whole text.
struct WalkProblem {
  enum class Kind { unterminated_literal, invalid_literal, meta_command, copy_data_unterminated, copy_trailing_text };
  Kind kind;
  ByteRange range;
  std::string message;  // the scanner's words
};

// Where the line with the closing `\.` begins, from `begin`, which is the beginning of a line, on.
std::optional<std::size_t> find_copy_end(std::string_view text, std::size_t begin);

class StatementWalker {
 public:
  // `text` must outlive the walker.
  StatementWalker(std::string_view text, ByteRange section);

  // The next statement; none at the end, or where a problem leaves nothing to go on from.
  std::optional<WalkedStatement> next();

  [[nodiscard]] const std::vector<WalkProblem>& problems() const { return problems_; }
  // At the end: the comments after the last statement.
  [[nodiscard]] const std::vector<ByteRange>& trailing_comments() const { return comments_; }

 private:
  enum class Cut { complete, no_more_tokens, at_meta_command };

  Cut cut(WalkedStatement& statement);
  std::optional<WalkedStatement> finish(WalkedStatement statement);
  std::optional<WalkedStatement> finish_last(WalkedStatement statement);
  void widen();
  void restart_at(std::size_t position);
  void pass_meta_command(std::size_t backslash, bool inside_statement);
  void read_copy_data(WalkedStatement& statement);

  std::string_view text_;
  std::size_t end_;
  std::size_t begin_;  // of the window, where no statement has begun
  std::size_t window_end_;
  std::size_t scanned_from_;  // begin_ when the window was scanned
  std::size_t width_;
  std::vector<Token> tokens_;  // of the window
  std::size_t next_token_ = 0;
  std::optional<SyntaxError> error_;  // where the window's tokens stop
  std::vector<ByteRange> comments_;   // since the last statement, before begin_
  std::vector<WalkProblem> problems_;
};

}  // namespace migrate::sql
