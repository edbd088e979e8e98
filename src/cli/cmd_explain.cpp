#include <memory>

#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_explain(Program& program) {
  struct Flags {
    std::string id;
    std::string category;
  };
  auto flags = std::make_shared<Flags>();
  auto* command =
      program.command("explain", "List the rules, or tell about one", Needs::nothing, [flags](Invocation& call) {
        return flags->id.empty() ? ui::show_rules(call.output, flags->category) : ui::show_rule(call.output, flags->id);
      });
  command->add_option("rule", flags->id, "A rule, or the id of another message")->type_name("RULE");
  command
      ->add_option("--category", flags->category,
                   "locking, rewrite, data-loss, compatibility, transaction, naming, types or design")
      ->type_name("CATEGORY");
  document(command, {.group = group_look,
                     .details = "Needs neither files nor a database.",
                     .examples = {{"explain", "all rules"},
                                  {"explain --category locking", ""},
                                  {"explain non-concurrent-index", "why, bad, good, how to mend it"}},
                     .exit_codes = {{2, "there is no such rule"}}});
}

}  // namespace migrate::cli
