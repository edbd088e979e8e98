#include <migrate/ops/init.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_init(Program& program) {
  auto options = std::make_shared<ops::InitOptions>();
  auto* command = program.command("init", "Make a project: migrations folder, migrate.toml, .env", Needs::nothing,
                                  [options](Invocation& call) { return ui::show(call.output, ops::init(*options)); });
  command->add_option("directory", options->directory, "The project's folder (default: this one)")->type_name("DIR");
  command->add_option("--migrations", options->migrations, "The migrations folder in it (default: migrations)")
      ->type_name("NAME");
  command->add_option("--project", options->project, "The project's id (default: the folder's name)")->type_name("ID");
  command
      ->add_option("--file-template", options->file_template,
                   "timestamp (default), sequence, date-sequence, alembic, or a template")
      ->type_name("TEMPLATE:{timestamp,sequence,date-sequence,alembic}");
  document(command, {.group = group_set_up,
                     .examples = {{"init", "in this folder"},
                                  {"init shop --file-template sequence", "files named 001_..., 002_..."}}});
}

}  // namespace migrate::cli
