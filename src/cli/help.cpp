#include "cli/help.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::cli {
namespace {

constexpr std::size_t line_width = 100;
constexpr std::size_t widest_left = 30;
constexpr std::size_t widest_example = 46;

struct Entry {
  std::string left, right;
};

// The text broken at blanks; lines after the first are indented.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (const auto word : split(text, ' ')) {
    if (column > indent && column + 1 + display_width(word) > line_width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += display_width(word);
  }
  return result;
}

std::string paragraphs(std::string_view text) {
  std::string result;
  for (const auto line : split(text, '\n')) result += wrapped(line, 0) + '\n';
  return result;
}

std::string section(std::string_view title, const std::vector<Entry>& entries, std::size_t widest = widest_left) {
  if (entries.empty()) return {};
  std::size_t width = 0;
  for (const auto& entry : entries) width = std::max(width, std::min(widest, display_width(entry.left)));
  std::string text = fmt::format("\n{}:\n", title);
  for (const auto& entry : entries) {
    std::string line = "  " + entry.left;
    if (!entry.right.empty()) {
      const std::size_t taken = display_width(entry.left);
      line += taken <= width ? std::string(width - taken + 2, ' ') : '\n' + std::string(width + 4, ' ');
      line += wrapped(entry.right, width + 4);
    }
    text += line + '\n';
  }
  return text;
}

bool takes_value(const CLI::Option* option) { return option->get_items_expected_max() > 0; }

Entry entry_of(const CLI::Option* option) {
  std::string left;
  for (const auto& name : option->get_snames()) left += (left.empty() ? "-" : ", -") + name;
  if (left.empty()) left = "   ";
  for (const auto& name : option->get_lnames()) left += (left == "   " ? " --" : left.empty() ? "--" : ", --") + name;
  if (takes_value(option)) left += ' ' + value_name_of(option);
  return {left, option->get_description()};
}

Entry argument_entry(const CLI::Option* option) { return {value_name_of(option), option->get_description()}; }

bool is_help(const CLI::App* app, const CLI::Option* option) {
  return option == app->get_help_ptr() || option == app->get_help_all_ptr();
}

std::vector<const CLI::Option*> options_in(const CLI::App* app, const std::string& group) {
  return app->get_options(
      [&](const CLI::Option* option) { return option->get_group() == group && option->nonpositional(); });
}

std::string option_sections(const CLI::App* app) {
  std::string text;
  for (const auto& group : app->get_groups()) {
    if (group.empty() || group == group_global_options) continue;
    std::vector<Entry> entries;
    for (const auto* option : options_in(app, group)) {
      if (!is_help(app, option)) entries.push_back(entry_of(option));
    }
    text += section(group, entries);
  }
  return text;
}

std::string global_section(const CLI::App* app) {
  while (app->get_parent() != nullptr) app = app->get_parent();
  std::vector<Entry> entries;
  for (const auto* option : options_in(app, group_global_options)) entries.push_back(entry_of(option));
  return section(group_global_options, entries);
}

std::vector<const CLI::Option*> arguments_of(const CLI::App* app) {
  return app->get_options(
      [](const CLI::Option* option) { return option->get_positional() && !option->get_group().empty(); });
}

std::string argument_section(const CLI::App* app) {
  std::vector<Entry> entries;
  for (const auto* option : arguments_of(app)) entries.push_back(argument_entry(option));
  return section("Arguments", entries);
}

std::vector<const CLI::App*> children_of(const CLI::App* app) {
  return app->get_subcommands(
      [](const CLI::App* child) { return !child->get_name().empty() && !child->get_group().empty(); });
}

bool has_default_group(const CLI::App* app) { return to_lower_ascii(app->get_group()) == "subcommands"; }

std::string command_sections(const CLI::App* app) {
  const auto children = children_of(app);
  std::vector<std::string> groups;
  if (app->get_parent() == nullptr) groups = {group_set_up, group_write, group_change, group_look};
  std::string text;
  const auto entries_if = [&](const auto& belongs) {
    std::vector<Entry> entries;
    for (const auto* child : children) {
      if (belongs(child)) entries.push_back({child->get_name(), summary_of(*child)});
    }
    return entries;
  };
  for (const auto& group : groups) {
    text += section(group, entries_if([&](const CLI::App* child) { return child->get_group() == group; }));
  }
  return text + section(groups.empty() ? "Commands" : "More commands", entries_if(has_default_group));
}

constexpr std::string_view examples_title = "Examples";

}  // namespace

std::string usage_of(const CLI::App* command) {
  std::string text = command_line_of(command) + " [OPTIONS]";
  if (!children_of(command).empty()) text += " COMMAND";
  for (const auto* option : arguments_of(command)) {
    const std::string name = value_name_of(option);
    text += option->get_required() ? ' ' + name : " [" + name + "]";
  }
  return text;
}

std::string first_example_of(const CLI::App* command) {
  const std::string footer = command->get_footer();
  const std::string before = fmt::format("\n{}:\n  ", examples_title);
  const auto begin = footer.find(before);
  if (begin == std::string::npos) return {};
  const std::string_view line = std::string_view(footer).substr(begin + before.size());
  return std::string(line.substr(0, std::min(line.find("  "), line.find('\n'))));
}

// CLI11 puts what validators accept behind the type's name: "WHEN:{auto,always}".
std::string value_name_of(const CLI::Option* option) {
  const std::string text = option->get_type_name();
  return text.substr(0, text.find(":{"));
}

std::vector<std::string> choices_of(const CLI::Option* option) {
  const std::string text = option->get_type_name();
  const auto open = text.find(":{");
  if (open == std::string::npos) return {};
  std::vector<std::string> choices;
  const auto inside = std::string_view(text).substr(open + 2, text.find('}', open) - open - 2);
  for (const auto choice : split(inside, ',')) choices.emplace_back(trim(choice));
  return choices;
}

void document(CLI::App* command, const Help& help) {
  command->group(help.group);
  if (!help.details.empty()) command->description(summary_of(*command) + "\n\n" + help.details);
  std::vector<Entry> examples, codes;
  for (const auto& example : help.examples) examples.push_back({"migrate " + example.command_line, example.what});
  for (const auto& special : help.exit_codes) codes.push_back({std::to_string(special.code), special.when});
  command->footer(section(examples_title, examples, widest_example) + section("Exit codes", codes));
}

void document_exit_codes(CLI::App& program) {
  program.footer(section("Exit codes", {{"0", "done, or nothing to do"},
                                        {"1", "findings: pending, changed (of commands that check)"},
                                        {"2", "usage, settings, revision files"},
                                        {"3", "the database cannot be reached or locked; nothing was changed"},
                                        {"4", "failed and rolled back: the database is at the last good revision"},
                                        {"5", "failed and left work behind"},
                                        {"70", "a bug in this program"},
                                        {"130", "interrupted, and rolled back"}}));
}

std::string summary_of(const CLI::App& command) {
  const std::string description = command.get_description();
  return description.substr(0, description.find('\n'));
}

std::string command_line_of(const CLI::App* command) {
  std::string line = command->get_name();
  for (const CLI::App* parent = command->get_parent(); parent != nullptr; parent = parent->get_parent()) {
    line = parent->get_name() + " " + line;
  }
  return line;
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  std::string text = fmt::format("{}\nUsage: {}\n", paragraphs(app->get_description()), usage_of(app));
  text +=
      argument_section(app) + command_sections(app) + option_sections(app) + app->get_footer() + global_section(app);
  if (!children_of(app).empty())
    text += fmt::format("\n`{} COMMAND --help` says more about a command.\n", command_line_of(app));
  return text;
}

}  // namespace migrate::cli
