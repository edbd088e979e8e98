// The tokens of one statement by index, to find where a thing of the parse tree ends: the tree tells begins only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/sql/scan.hpp>

namespace migrate::sql {

// Indexes past the end are well everywhere: there stands nothing.
class StatementTokens {
 public:
  // `tokens` are those of the statement, with comments, in the source. The source must outlive this.
  StatementTokens(std::string_view source, ByteRange statement, std::span<const Token> tokens);

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  // The token at a place of the tree; size() where the tree doesn't know it (0 or -1).
  [[nodiscard]] std::size_t at(std::int32_t location) const;
  // From the first token up to but without the last one, in the source; empty where there is nothing between them.
  [[nodiscard]] ByteRange range(std::size_t first, std::size_t last) const;
  [[nodiscard]] ByteRange whole() const { return range(0, size()); }
  [[nodiscard]] std::string_view text(ByteRange range) const { return range.of(source_); }
  [[nodiscard]] std::string_view text(std::size_t index) const;
  [[nodiscard]] std::string_view source() const { return source_; }

  [[nodiscard]] bool is(std::size_t index, std::string_view mark) const { return text(index) == mark; }
  // An unquoted word, given in lower case.
  [[nodiscard]] bool is_word(std::size_t index, std::string_view word) const;
  [[nodiscard]] bool is_name(std::size_t index) const;
  [[nodiscard]] bool is_string(std::size_t index) const;

  // The next token outside of the parentheses or brackets that open at `index`.
  [[nodiscard]] std::size_t after(std::size_t index) const;
  // Past a.b.c at `index`.
  [[nodiscard]] std::size_t after_name(std::size_t index) const;
  [[nodiscard]] ByteRange name_range(std::size_t index) const { return range(index, after_name(index)); }
  // The first comma or closing mark from `index` on, outside of what opens after it; size() if there is none.
  [[nodiscard]] std::size_t item_end(std::size_t index) const;
  // The first such token between `from` and `to` that is not inside parentheses; `to` if there is none.
  [[nodiscard]] std::size_t find_word(std::string_view word, std::size_t from, std::size_t to) const;
  [[nodiscard]] std::size_t find(std::string_view mark, std::size_t from, std::size_t to) const;
  // The begins of what stands between commas from `index` on.
  [[nodiscard]] std::vector<std::size_t> items(std::size_t index) const;
  // Passes the words, given in lower case and parted by blanks, if they stand at `index`; else nothing.
  [[nodiscard]] std::size_t skip(std::size_t index, std::string_view words) const;
  // The token after these words at the statement's begin, each of which may be missing: {"create", "or replace"}.
  [[nodiscard]] std::size_t after_head(std::initializer_list<std::string_view> words) const;

 private:
  std::string_view source_;
  std::size_t begin_;
  std::vector<Token> tokens_;          // without comments
  std::vector<std::size_t> closings_;  // of ( and [; others stand for themselves
};

}  // namespace migrate::sql
