#include <migrate/ops/make_revision.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_merge(Program& program) {
  struct Flags {
    std::vector<std::string> revisions;
    ops::RevisionOptions options;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "merge", "Join branches: a revision with several parents", Needs::settings, [flags](Invocation& call) {
        return ui::show(call.output, ops::merge(call.context, flags->revisions, flags->options));
      });
  auto& options = flags->options;
  command->add_option("revisions", flags->revisions, "Two revisions or more, or `heads`")
      ->required()
      ->type_name("REV...");
  command->add_option("-m,--message", options.message, "What it joins, in a line")->type_name("TEXT");
  command->add_flag("--splice", options.splice, "The parents need not be heads");
  command->add_option("--branch-label", options.branch_labels, "A label for the branch that begins here")
      ->type_name("LABEL");
  command->add_option("--rev-id", options.revision_id, "The id (default: 12 hex digits)")->type_name("ID");
  command->add_option("--version-path", options.folder, "The folder, where there are several")->type_name("DIR");
  document(command,
           {.group = group_write, .examples = {{"merge heads -m \"join billing\"", ""}, {"merge 3f2a c77d", ""}}});
}

}  // namespace migrate::cli
