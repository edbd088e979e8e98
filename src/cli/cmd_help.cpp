#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/usage_error.hpp"

namespace migrate::cli {
namespace {

Result<std::string> help_of(CLI::App* command, const std::vector<std::string>& words) {
  for (const auto& word : words) {
    const auto children = command->get_subcommands([](const CLI::App*) { return true; });
    const auto named =
        std::find_if(children.begin(), children.end(), [&](auto* child) { return child->get_name() == word; });
    if (named != children.end()) {
      command = *named;
      continue;
    }
    std::vector<std::string> names;
    for (const auto* child : children) names.push_back(child->get_name());
    auto unknown = error("unknown-command", fmt::format("unknown command `{}`", word));
    if (const auto meant = meant_by(word, names)) {
      unknown = std::move(unknown).help(fmt::format("did you mean `{}`?", *meant));
    }
    return fail(std::move(unknown).help(fmt::format("see `{} --help`", command_line_of(command))));
  }
  return HelpFormatter().make_help(command, {}, CLI::AppFormatMode::Normal);
}

}  // namespace

void add_help(Program& program) {
  auto words = std::make_shared<std::vector<std::string>>();
  auto* command = program.command("help", "Show the help of a command", Needs::nothing,
                                  [words, root = &program.app()](Invocation& call) {
                                    const auto text = help_of(root, *words);
                                    if (!text) return call.output.fail(text.error());
                                    call.output.text(*text);
                                    return ExitCode::ok;
                                  });
  command->add_option("command", *words, "The command")->type_name("COMMAND");
  document(command, {.group = group_set_up, .examples = {{"help upgrade", "the same as `migrate upgrade --help`"}}});
}

}  // namespace migrate::cli
