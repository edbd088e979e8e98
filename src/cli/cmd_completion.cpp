#include "cli/commands.hpp"

#include <memory>
#include "cli/completion.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_completion(Program& program) {
  auto shell = std::make_shared<std::string>();
  auto* command = program.command("completion", "Print what makes a shell complete our commands", Needs::nothing,
                                  [shell](Invocation& call) {
                                    call.output.text(completion_script(*shell));
                                    return ExitCode::ok;
                                  });
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
  document(command, {.group = group_set_up,
                     .details = "Completes commands, flags and their values, and revisions with their messages.",
                     .examples = {{"completion bash > ~/.local/share/bash-completion/completions/migrate", ""},
                                  {"completion zsh > ~/.zfunc/_migrate", "with ~/.zfunc in $fpath"},
                                  {"completion fish > ~/.config/fish/completions/migrate.fish", ""}}});
}

}  // namespace migrate::cli
