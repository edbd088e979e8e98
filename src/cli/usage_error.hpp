// What is wrong with a command line, in the words of who typed it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <migrate/base/diagnostic.hpp>

namespace migrate::cli {

// For options that count: a whole number from `least` on.
CLI::Validator count_from(int least);

// For options that take one of some words, and flags that take them behind `=`.
CLI::Validator one_of(std::vector<std::string> choices);

// The candidate that a mistyped or shortened word means.
std::optional<std::string> meant_by(const std::string& word, std::span<const std::string> candidates);

// A group of commands, like `migrate dev`, without the command.
Diagnostic missing_command(const CLI::App* group);

// A word that nothing takes, with the nearest that something would.
Diagnostic unexpected_word(const CLI::App* command, const std::string& word);

// A word that nothing takes, after `--`.
Diagnostic word_after_dashes(const CLI::App* command, const std::string& word);

// What CLI11 complains of: an argument or value that is missing, or one that is not of those accepted.
Diagnostic usage_error(const CLI::App* command, const CLI::ParseError& problem);

}  // namespace migrate::cli
