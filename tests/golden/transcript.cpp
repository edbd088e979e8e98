#include "golden/transcript.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace golden {
namespace {

[[noreturn]] void refuse(std::size_t line, std::string_view why) {
  throw std::runtime_error(fmt::format("line {}: {}", line + 1, why));
}

/// The backticks that open or close a block; none if the line is not a fence.
std::string_view fence_of(std::string_view line) {
  const auto size = std::min(line.find_first_not_of('`'), line.size());
  return size >= 3 ? line.substr(0, size) : std::string_view{};
}

std::optional<std::string_view> after(std::string_view line, std::string_view start) {
  if (!line.starts_with(start)) return std::nullopt;
  return line.substr(start.size());
}

std::string join(const Lines& lines, LineRange range) {
  std::string text;
  for (auto i = range.begin; i < range.end; ++i) text.append(lines[i]).append("\n");
  return text;
}

Lines copy(const Lines& lines, LineRange range) {
  return {lines.begin() + static_cast<std::ptrdiff_t>(range.begin),
          lines.begin() + static_cast<std::ptrdiff_t>(range.end)};
}

QueryBlock parse_query(const Lines& lines, LineRange body) {
  for (auto i = body.begin; i < body.end; ++i) {
    if (lines[i] == "----") return {join(lines, {body.begin, i}), copy(lines, {i + 1, body.end}), {i + 1, body.end}};
  }
  refuse(body.begin, "a query without a line `----`");
}

Command parse_command(const Lines& lines, std::size_t& at, std::size_t end) {
  const auto first = after(lines[at], "$ ");
  if (!first) refuse(at, "a console block begins with a command: `$ ...`");
  Command command;
  command.text = *first;
  ++at;
  for (; at < end && after(lines[at], "> "); ++at) command.text.append("\n").append(*after(lines[at], "> "));
  for (; at < end && after(lines[at], "< "); ++at) command.typed.emplace_back(*after(lines[at], "< "));
  command.range.begin = at;
  while (at < end && !lines[at].starts_with("$ ")) ++at;
  command.range.end = at;
  command.expected = copy(lines, command.range);
  if (!command.expected.empty()) {
    if (const auto status = after(command.expected.back(), "? ")) {
      const auto [stop, failed] = std::from_chars(status->data(), status->data() + status->size(), command.exit_status);
      if (failed != std::errc{} || stop != status->data() + status->size())
        refuse(at - 1, "an exit status is a number");
      command.expected.pop_back();
    }
  }
  return command;
}

ConsoleBlock parse_console(const Lines& lines, LineRange body, const std::vector<std::string_view>& words) {
  ConsoleBlock block;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "streams")
      block.streams = true;
    else if (words[i] == "tty")
      block.tty = true;
    else if (words[i] == "exact")
      block.exact = true;
    else
      refuse(body.begin - 1, fmt::format("unknown word `{}`", words[i]));
  }
  if (block.streams && block.tty) refuse(body.begin - 1, "a terminal has one stream");
  for (auto at = body.begin; at < body.end;) block.commands.push_back(parse_command(lines, at, body.end));
  return block;
}

std::optional<Block> parse_block(const Lines& lines, std::string_view info, LineRange body) {
  const auto words = migrate::split_list(info);
  const auto kind = words.empty() ? std::string_view{} : words[0];
  const auto line = body.begin - 1;
  if (kind == "sql") return Block{SqlBlock{join(lines, body)}, line};
  if (kind == "env") return Block{EnvBlock{copy(lines, body)}, line};
  if (kind == "query") return Block{parse_query(lines, body), line};
  if (kind == "console") return Block{parse_console(lines, body, words), line};
  if (kind == "file") {
    const auto path = words.size() == 2 ? after(words[1], "path=") : std::nullopt;
    if (!path || path->empty()) refuse(line, "a file has a path: `file path=...`");
    return Block{FileBlock{std::string(*path), join(lines, body)}, line};
  }
  return std::nullopt;
}

}  // namespace

Transcript parse_transcript(std::string_view text) {
  Transcript transcript;
  for (const auto line : migrate::split(text, '\n')) transcript.lines.emplace_back(line);
  const auto& lines = transcript.lines;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto fence = fence_of(lines[at]);
    if (fence.empty()) continue;
    const auto info = std::string_view(lines[at]).substr(fence.size());
    LineRange body{at + 1, at + 1};
    while (body.end < lines.size() && lines[body.end] != fence) ++body.end;
    if (body.end == lines.size()) refuse(at, "a block that is not closed");
    if (auto block = parse_block(lines, info, body)) transcript.blocks.push_back(*std::move(block));
    at = body.end;
  }
  return transcript;
}

std::string with_replacements(const Transcript& transcript, const std::vector<Replacement>& replacements) {
  Lines lines;
  std::size_t at = 0;
  const auto keep_until = [&](std::size_t end) {
    for (; at < end; ++at) lines.push_back(transcript.lines[at]);
  };
  for (const auto& replacement : replacements) {
    keep_until(replacement.range.begin);
    lines.insert(lines.end(), replacement.lines.begin(), replacement.lines.end());
    at = replacement.range.end;
  }
  keep_until(transcript.lines.size());
  auto text = join(lines, {0, lines.size()});
  text.pop_back();
  return text;
}

Lines expectation(const Lines& output, int exit_status) {
  auto lines = output;
  if (exit_status != 0) lines.push_back(fmt::format("? {}", exit_status));
  return lines;
}

}  // namespace golden
