#include "golden/session.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "golden/compare.hpp"

namespace golden {
namespace {

namespace fs = std::filesystem;

class Session {
 public:
  explicit Session(World world) : world_(std::move(world)) {}

  void play(const FileBlock& file) {
    const auto path = world_.surroundings.folder / file.path;
    fs::create_directories(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << file.text;
    stream.close();
    if (!stream) throw std::runtime_error("cannot write " + path.string());
  }

  void play(const SqlBlock& sql) { world_.execute(world_.normalizer.resolve(sql.text)); }

  void play(const QueryBlock& query) {
    Lines rows;
    for (const auto& row : world_.query(world_.normalizer.resolve(query.sql)))
      rows.push_back(world_.normalizer.normalize(row, true));
    compare(query.sql, query.expected, rows, query.range);
  }

  void play(const EnvBlock& env) {
    for (const auto& line : env.lines) {
      constexpr std::string_view unset = "unset ";
      const auto equals = line.find('=');
      if (line.starts_with(unset))
        world_.surroundings.environment.erase(line.substr(unset.size()));
      else if (equals != std::string::npos)
        world_.surroundings.environment[line.substr(0, equals)] = world_.normalizer.resolve(line.substr(equals + 1));
      else
        throw std::runtime_error(fmt::format("`{}` sets no variable", line));
    }
  }

  void play(const ConsoleBlock& console) {
    for (const auto& command : console.commands) {
      auto output = run_one(command, console);
      for (auto& line : output.lines) line = world_.normalizer.normalize(line, console.exact);
      compare(command.text, expectation(command.expected, command.exit_status),
              expectation(output.lines, output.exit_status), command.range);
    }
  }

  std::vector<Mismatch> mismatches;

 private:
  Output run_one(const Command& command, const ConsoleBlock& console) {
    const auto text = world_.normalizer.resolve(command.text);
    if (!console.tty) {
      if (!command.typed.empty()) throw std::runtime_error(fmt::format("only a terminal can be typed on: {}", text));
      return run_in_pipe(text, world_.surroundings, console.streams ? Streams::apart : Streams::together);
    }
    auto surroundings = world_.surroundings;
    surroundings.environment.emplace("TERM", "xterm-256color");
    Lines typed;
    for (const auto& line : command.typed) typed.push_back(world_.normalizer.resolve(line));
    return run_in_terminal(text, surroundings, typed);
  }

  void compare(const std::string& what, const Lines& expected, const Lines& actual, LineRange range) {
    if (matches(expected, actual)) return;
    mismatches.push_back({range.begin + 1, what, difference(expected, actual), {range, actual}});
  }

  World world_;
};

}  // namespace

std::vector<Mismatch> run(const Transcript& transcript, World world) {
  Session session(std::move(world));
  for (const auto& block : transcript.blocks) {
    try {
      std::visit([&](const auto& content) { session.play(content); }, block.content);
    } catch (const std::exception& trouble) {
      throw std::runtime_error(fmt::format("line {}: {}", block.line + 1, trouble.what()));
    }
  }
  return std::move(session.mismatches);
}

}  // namespace golden
