// What is wrong with a command line, in the words of who typed it.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <migrate/base/diagnostic.hpp>

namespace migrate::cli {

// For options that count: a whole number from `least` on.
CLI::Validator count_from(int least);

// A word that nothing takes, with the nearest that something would.
Diagnostic unexpected_word(const CLI::App* command, const std::string& word);

// A word that nothing takes, after `--`.
Diagnostic word_after_dashes(const CLI::App* command, const std::string& word);

// What CLI11 complains of: an argument or value that is missing, or one that is not of those accepted.
Diagnostic usage_error(const CLI::App* command, const CLI::ParseError& problem);

}  // namespace migrate::cli
