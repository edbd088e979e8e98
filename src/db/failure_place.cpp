#include "db/failure_place.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

namespace migrate::db {
namespace {

constexpr std::string_view untranslatable_character = "22P05";

// The character that `0xe2 0x82 0xac` names, in whatever language the message is.
std::string named_bytes(std::string_view message) {
  constexpr std::string_view prefix = "0x";
  std::string bytes;
  for (auto at = message.find(prefix); at != std::string_view::npos; at = message.find(prefix, at + 1)) {
    unsigned char byte = 0;
    const char* const digits = message.data() + at + prefix.size();
    std::from_chars(digits, std::min(digits + 2, message.data() + message.size()), byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

// Where the journal's text, which is a part of the file's, has the character.
std::optional<std::size_t> place_of_journal_text(std::string_view file, std::string_view character,
                                                 const JournalEntry& entry) {
  if (const auto in_message = entry.message.find(character); in_message != std::string::npos) {
    const auto message = file.find(entry.message);
    if (message != std::string_view::npos) return message + in_message;
  }
  const std::string_view downgrade = entry.downgrade;
  const auto in_downgrade = downgrade.find(character);
  if (in_downgrade == std::string_view::npos) return std::nullopt;
  // The first line, the marker, may be kept in other words.
  const auto rest = file.rfind(downgrade.substr(in_downgrade));
  return rest == std::string_view::npos ? std::nullopt : std::optional(rest);
}

std::optional<Label> find_place_of_character(const RunFailure& failure, const RevisionRun& run) {
  const std::string character = named_bytes(failure.server_error.message);
  if (character.empty()) return std::nullopt;
  const auto place = place_of_journal_text(run.source->text(), character, run.entry);
  if (!place) return std::nullopt;
  return Label{run.source, {*place, *place + character.size()}, "the journal keeps this text"};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The server points at one character: the word, the quoted thing or the sign that begins there.
std::size_t extent(std::string_view text, std::size_t begin) {
  const char first = text[begin];
  std::size_t end = begin + 1;
  if (first == '"' || first == '\'') {
    const auto close = text.find(first, end);
    const auto line_end = text.find('\n', end);
    return close != std::string_view::npos && close < line_end ? close + 1 : end;
  }
  if (!is_word(first)) return end;
  while (end < text.size() && is_word(text[end])) ++end;
  return end;
}

ByteRange first_line(std::string_view text, ByteRange range) {
  const std::string_view statement = range.of(text);
  const auto end = statement.find_first_of("\r\n");
  return {range.begin, end == std::string_view::npos ? range.end : range.begin + end};
}

std::optional<ByteRange> data_line(std::string_view text, ByteRange data, std::size_t line) {
  std::size_t begin = data.begin;
  for (std::size_t i = 1; i < line; ++i) {
    const auto end = text.find('\n', begin);
    if (end == std::string_view::npos || end + 1 >= data.end) return std::nullopt;
    begin = end + 1;
  }
  return first_line(text, {begin, data.end});
}

}  // namespace

std::optional<std::size_t> copy_data_line(const std::string& context) {
  if (!context.starts_with("COPY ")) return std::nullopt;
  // "COPY name, line 3": after the first ", " a word and the number.
  const auto comma = context.find(", ");
  const auto number = comma == std::string::npos ? comma : context.find_first_of("0123456789", comma);
  if (number == std::string::npos) return std::nullopt;
  std::size_t line = 0;
  std::from_chars(context.data() + number, context.data() + context.size(), line);
  return line == 0 ? std::nullopt : std::optional(line);
}

bool is_journal_text_refused(const RunFailure& failure) {
  const ServerError& error = failure.server_error;
  // A trigger of the user's own, at the end of the transaction, tells where it was.
  return !failure.statement && failure.stage != RunStage::commit && error.context.empty() &&
         error.sqlstate == untranslatable_character;
}

std::optional<Label> find_place(const RunFailure& failure, const RevisionRun& run) {
  if (is_journal_text_refused(failure)) return find_place_of_character(failure, run);
  if (!failure.statement) return std::nullopt;
  const RunStatement& statement = run.statements[*failure.statement];
  const ByteRange range = statement.statement.range;
  const std::string_view text = run.source->text();

  std::string words = fmt::format("statement {} of {}", *failure.statement + 1, run.statements.size());
  if (!run.transactional) words += ", outside a transaction";

  if (const auto& position = failure.server_error.position) {
    const std::size_t at = range.begin + to_byte_offset(range.of(text), *position).value;
    if (at < range.end) return Label{run.source, {at, extent(text.substr(0, range.end), at)}, std::move(words)};
  }
  const auto line = copy_data_line(failure.server_error.context);
  if (line && statement.statement.copy_data) {
    if (const auto place = data_line(text, *statement.statement.copy_data, *line)) {
      return Label{run.source, *place, fmt::format("{}, line {} of its data", words, *line)};
    }
  }
  return Label{run.source, first_line(text, range), std::move(words)};
}

}  // namespace migrate::db
