#include <memory>

#include <fmt/format.h>

#include <migrate/ops/edit.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/editor.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_edit(Program& program) {
  auto target = std::make_shared<std::string>("head");
  auto* command =
      program.command("edit", "Open a revision's file in $EDITOR", Needs::settings, [target](Invocation& call) {
        const auto paths = ops::paths_to_edit(call.context, *target);
        if (!paths) return call.output.fail(paths.error());
        const auto edited = open_in_editor(*paths, !call.output.human());
        return edited ? ui::show_edited(call.output, *paths) : call.output.fail(edited.error());
      });
  command
      ->add_option("revision", *target,
                   "head (default), current, a revision, a label; or a file's path, which may be broken")
      ->type_name("REV");
  document(command, {.group = group_write,
                     .examples = {{"edit", "the newest"},
                                  {"edit 3f2a", ""},
                                  {"edit migrations/0007_add_email.sql", "also where it cannot be read"}}});
}

}  // namespace migrate::cli
