#include <migrate/ops/import.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_import(Program& program) {
  struct Flags {
    std::string format;
    std::string folder;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "import", "Make revision files of another tool's history", Needs::settings, [flags](Invocation& call) {
        return ui::show(call.output, ops::import(call.context, flags->format, flags->folder));
      });
  command->add_option("format", flags->format, "golang-migrate: NNNN_name.up.sql and .down.sql")
      ->required()
      ->type_name("FORMAT:{golang-migrate}");
  command->add_option("folder", flags->folder, "The folder with its files")->required()->type_name("DIR");
  document(command, {.group = group_set_up, .examples = {{"import golang-migrate db/migrations", ""}}});
}

}  // namespace migrate::cli
