#include "sql/statement_walker.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

#include "sql/copy_statement.hpp"
#include "sql/partial_scan.hpp"
#include "sql/statement_shape.hpp"

namespace migrate::sql {
namespace {

// Most sections fit into the first window. After COPY data the next statement is often another COPY, whose data would
// be scanned in vain: begin small again.
constexpr std::size_t first_width = 64 * 1024;
constexpr std::size_t width_after_data = 4 * 1024;
constexpr std::size_t widest_by_choice = 1024 * 1024;

std::size_t line_end(std::string_view text, std::size_t from) { return std::min(text.find('\n', from), text.size()); }

void append(std::vector<ByteRange>& to, const std::vector<ByteRange>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::optional<std::size_t> find_copy_end(std::string_view text, std::size_t begin) {
  for (std::size_t at = text.find("\\.", begin); at != std::string_view::npos; at = text.find("\\.", at + 2)) {
    if (at != begin && text[at - 1] != '\n') continue;
    const std::string_view rest = text.substr(at + 2, 2);
    if (rest.empty() || rest.front() == '\n' || rest == "\r\n" || rest == "\r") return at;
  }
  return std::nullopt;
}

StatementWalker::StatementWalker(std::string_view text, ByteRange section)
    : text_(text),
      end_(section.end),
      begin_(section.begin),
      window_end_(section.begin),
      scanned_from_(section.begin),
      width_(first_width) {}

std::optional<WalkedStatement> StatementWalker::next() {
  for (;;) {
    WalkedStatement statement;
    switch (cut(statement)) {
      case Cut::at_meta_command: continue;
      case Cut::complete:
        if (!statement.tokens.empty()) return finish(std::move(statement));
        append(comments_, statement.comments_before);
        continue;
      case Cut::no_more_tokens: break;
    }
    if (window_end_ < end_) {
      widen();
      continue;
    }
    return finish_last(std::move(statement));
  }
}

StatementWalker::Cut StatementWalker::cut(WalkedStatement& statement) {
  StatementShape shape;
  for (; next_token_ < tokens_.size(); ++next_token_) {
    const Token& token = tokens_[next_token_];
    const std::string_view token_text = token.range.of(text_);
    if (token.kind == TokenKind::comment) {
      (statement.tokens.empty() ? statement.comments_before : statement.comments_inside).push_back(token.range);
    } else if (token_text == "\\") {
      if (statement.tokens.empty()) append(comments_, statement.comments_before);
      pass_meta_command(token.range.begin, !statement.tokens.empty());
      return Cut::at_meta_command;
    } else if (shape.is_end(token, text_)) {
      begin_ = token.range.end;
      ++next_token_;
      return Cut::complete;
    } else {
      shape.add(token, text_);
      statement.tokens.push_back(token);
    }
  }
  return Cut::no_more_tokens;
}

void StatementWalker::widen() {
  if (begin_ == scanned_from_ || width_ < widest_by_choice) width_ *= 2;
  scanned_from_ = begin_;
  window_end_ = std::min(end_, begin_ + width_);
  PartialScan scan = scan_partially(text_.substr(begin_, window_end_ - begin_));
  tokens_ = std::move(scan.tokens);
  for (Token& token : tokens_) {
    token.range.begin += begin_;
    token.range.end += begin_;
  }
  error_ = std::move(scan.error);
  if (error_) error_->at.value += begin_;
  next_token_ = 0;
}

std::optional<WalkedStatement> StatementWalker::finish(WalkedStatement statement) {
  statement.range = {statement.tokens.front().range.begin, statement.tokens.back().range.end};
  append(comments_, statement.comments_before);
  statement.comments_before = std::exchange(comments_, {});
  if (copy_direction(statement.tokens, text_) == CopyDirection::from_client) read_copy_data(statement);
  return statement;
}

std::optional<WalkedStatement> StatementWalker::finish_last(WalkedStatement statement) {
  begin_ = end_;
  if (error_) {
    const auto kind =
        is_unterminated(*error_) ? WalkProblem::Kind::unterminated_literal : WalkProblem::Kind::invalid_literal;
    problems_.push_back({kind, {error_->at.value, error_->at.value}, error_->message});
    error_.reset();
    return std::nullopt;
  }
  if (!statement.tokens.empty()) return finish(std::move(statement));
  append(comments_, statement.comments_before);
  return std::nullopt;
}

void StatementWalker::restart_at(std::size_t position) {
  begin_ = window_end_ = std::min(position, end_);
  tokens_.clear();
  next_token_ = 0;
  error_.reset();
}

void StatementWalker::pass_meta_command(std::size_t backslash, bool inside_statement) {
  const std::string_view section = text_.substr(0, end_);
  const std::size_t end_of_line = line_end(section, backslash);
  const std::size_t name_end = std::min(section.find_first_of(" \t\r\n;", backslash + 1), end_of_line);
  const ByteRange range{backslash, std::max(name_end, std::min(backslash + 2, end_of_line))};
  const std::string_view name = range.of(section);
  // pg_dump frames its output with these since the minor releases of August 2025; they do nothing here.
  const bool harmless = !inside_statement && (name == "\\restrict" || name == "\\unrestrict");
  if (!harmless) problems_.push_back({WalkProblem::Kind::meta_command, range, {}});
  restart_at(end_of_line + 1);
}

void StatementWalker::read_copy_data(WalkedStatement& statement) {
  const std::string_view section = text_.substr(0, end_);
  const std::size_t end_of_line = line_end(section, begin_);
  const std::string_view rest = trim(section.substr(begin_, end_of_line - begin_));
  const std::size_t rest_begin = rest.empty() ? begin_ : section.find(rest.front(), begin_);
  if (rest.starts_with("--")) {
    comments_.push_back({rest_begin, rest_begin + rest.size()});
  } else if (!rest.empty()) {
    problems_.push_back({WalkProblem::Kind::copy_trailing_text, {rest_begin, rest_begin + rest.size()}, {}});
  }

  const std::size_t data_begin = std::min(end_of_line + 1, end_);
  const auto data_end = find_copy_end(section, data_begin);
  if (!data_end) {
    problems_.push_back({WalkProblem::Kind::copy_data_unterminated, statement.range, {}});
    restart_at(end_);
    return;
  }
  statement.copy_data = ByteRange{data_begin, *data_end};
  restart_at(line_end(section, *data_end) + 1);
  width_ = width_after_data;
}

}  // namespace migrate::sql
