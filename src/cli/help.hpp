// What `--help` says: the command's own flags first, then examples, exit codes, and the global options last.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace migrate::cli {

// The groups in which `migrate --help` lists the commands.
inline constexpr const char* group_write = "Write revisions";
inline constexpr const char* group_change = "Change the database";
inline constexpr const char* group_look = "See where things stand";
inline constexpr const char* group_set_up = "Set up";
inline constexpr const char* group_global_options = "Global options";

struct Example {
  std::string command_line;  // without "migrate "
  std::string what;          // may be empty
};

struct SpecialExitCode {
  int code;
  std::string when;
};

struct Help {
  std::string group;         // one of those above
  std::string details = {};  // a paragraph below the summary
  std::vector<Example> examples = {};
  std::vector<SpecialExitCode> exit_codes = {};  // where they are not what every command has
};

// Gives the command its group, paragraph, examples and exit codes. The command's description stays its summary.
void document(CLI::App* command, const Help& help);

// What every command may end with, below the list of commands.
void document_exit_codes(CLI::App& program);

// The first line of a description: what lists of commands show.
std::string summary_of(const CLI::App& command);

// Renders all of it. Uses only what CLI11 2.1 and 2.4 have in common.
class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

// "migrate stamp [OPTIONS] TARGET..."
std::string usage_of(const CLI::App* command);

// "migrate stamp head"; empty where its help has no examples.
std::string first_example_of(const CLI::App* command);

// What stands for an option's value in help: "TIME".
std::string value_name_of(const CLI::Option* option);

// The words that it accepts; none: whatever is given.
std::vector<std::string> choices_of(const CLI::Option* option);

// "migrate dev start"
std::string command_line_of(const CLI::App* command);

}  // namespace migrate::cli
