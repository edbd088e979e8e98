#include <migrate/ops/make_from_finding.hpp>
#include <migrate/ops/make_revision.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/editor.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_revision(Program& program) {
  struct Flags {
    ops::RevisionOptions options;
    std::string from_finding;
    bool edit = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command("revision", "Make a new revision file", Needs::settings, [flags](Invocation& call) {
    if (!flags->from_finding.empty()) {
      return ui::show(call.output, ops::make_from_finding(call.context, flags->from_finding, flags->options));
    }
    const auto made = ops::make_revision(call.context, flags->options);
    const ExitCode shown = ui::show(call.output, made);
    if (!made || !made->written || !flags->edit) return shown;
    const auto edited = open_in_editor({made->revision.path}, !call.output.human());
    return edited ? shown : call.output.fail(edited.error());
  });
  auto& options = flags->options;
  command->add_option("-m,--message", options.message, "What it does, in a line")->type_name("TEXT");
  command->add_option("--head", options.heads, "The parent (default: head; `base` starts a new root)")
      ->type_name("REV");
  command->add_flag("--splice", options.splice, "The parent need not be a head: this makes a branch");
  command->add_option("--branch-label", options.branch_labels, "A label for the branch that begins here")
      ->type_name("LABEL");
  command->add_option("--depends-on", options.depends_on, "A revision that must be applied before (may be repeated)")
      ->type_name("REV");
  command->add_option("--rev-id", options.revision_id, "The id (default: 12 hex digits)")->type_name("ID");
  command->add_option("--version-path", options.folder, "The folder, where there are several")->type_name("DIR");
  command->add_flag("--no-transaction", options.transaction_none, "Write `Transaction: none` into the header");
  auto* print_only = command->add_flag("--sql", options.print_only, "Print the file instead of writing it");
  command
      ->add_option("--from-finding", flags->from_finding,
                   "Write the safe form, in several revisions, of what a rule found: RULE or RULE@REV")
      ->type_name("RULE")
      ->excludes(print_only);
  command->add_flag("-e,--edit", flags->edit, "Open it in $EDITOR");
  document(command, {.group = group_write,
                     .examples = {{"revision -m \"add account.email\"", "on top of the head"},
                                  {"revision -m \"hot fix\" --head 3f2a --splice", "a branch from an older revision"},
                                  {"revision -m \"carts\" --head base --branch-label cart", "a lineage of its own"}}});
}

}  // namespace migrate::cli
