/// \file
/// A transcript: a Markdown file of commands and what they write. The format is in README.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace golden {

using Lines = std::vector<std::string>;

/// Lines of the file, from 0, the last one not included.
struct LineRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct FileBlock {
  std::string path;
  std::string text;
};

struct SqlBlock {
  std::string text;
};

struct QueryBlock {
  std::string sql;
  Lines expected;
  LineRange range;  ///< of what is expected
};

struct EnvBlock {
  Lines lines;
};

struct Command {
  std::string text;
  Lines typed;
  Lines expected;
  int exit_status = 0;
  LineRange range;  ///< of what is expected, with the line of the exit status
};

struct ConsoleBlock {
  bool streams = false, tty = false, exact = false;
  std::vector<Command> commands;
};

struct Block {
  std::variant<FileBlock, SqlBlock, QueryBlock, EnvBlock, ConsoleBlock> content;
  std::size_t line = 0;  ///< of the opening fence, from 0
};

struct Transcript {
  Lines lines;
  std::vector<Block> blocks;
};

/// Throws std::runtime_error, with the line, where a block is not as README.md says.
Transcript parse_transcript(std::string_view text);

/// Lines that take the place of others.
struct Replacement {
  LineRange range;
  Lines lines;
};

/// The file's text with some lines replaced. Requires: the replacements are in order and do not overlap.
std::string with_replacements(const Transcript& transcript, const std::vector<Replacement>& replacements);

/// What a command wrote, as a transcript holds it.
Lines expectation(const Lines& output, int exit_status);

}  // namespace golden
