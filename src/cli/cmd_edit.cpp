#include <memory>

#include <fmt/format.h>

#include <migrate/ops/edit.hpp>

#include "cli/commands.hpp"
#include "cli/editor.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_edit(Program& program) {
  auto target = std::make_shared<std::string>("head");
  auto* command = program.command("edit", "Open a revision's file in $EDITOR", Needs::settings, [target](Invocation& call) {
    const auto paths = ops::paths_to_edit(call.context, *target);
    if (!paths) return call.output.fail(paths.error());
    const auto edited = open_in_editor(*paths);
    return edited ? ExitCode::ok : call.output.fail(edited.error());
  });
  command->add_option("revision", *target, "head (default), current, a revision, a label ...")->type_name("REV");
  document(command, {.group = group_write, .examples = {{"edit", "the newest"}, {"edit 3f2a", ""}}});
}

}  // namespace migrate::cli
