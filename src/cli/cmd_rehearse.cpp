#include <migrate/ops/rehearse.hpp>

#include <memory>

#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {
namespace {

ops::CopyPlace place_of(const std::string& word) {
  if (word == "embedded") return ops::CopyPlace::embedded;
  return word == "server" ? ops::CopyPlace::server : ops::CopyPlace::automatic;
}

}  // namespace

void add_rehearse(Program& program) {
  struct Flags {
    std::string target = "head";
    std::string place = "auto";
    bool allow_drift = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "rehearse", "Try what is pending on a copy of the schema: up, down, up again", Needs::settings,
      [flags](Invocation& call) {
        return ui::show(call.output,
                        ops::rehearse(call.context, flags->target, place_of(flags->place), flags->allow_drift));
      });
  program.writes_markdown(command);
  command->add_option("target", flags->target, "As for upgrade (default: head)")->type_name("TARGET");
  command->add_option("--copy", flags->place, "Where the copy is made: auto, embedded or server")
      ->check(CLI::IsMember({"auto", "embedded", "server"}))
      ->type_name("PLACE");
  command->add_flag("--allow-drift", flags->allow_drift, "Go on although applied revision files changed");
  document(
      command,
      {.group = group_look,
       .details = "Each revision runs on a copy that has the schema and no rows. The report tells the locks that were "
                  "really taken, what was rewritten, whether the downgrade brings the schema back, and beside it the "
                  "rows and sizes of the real tables. The database itself is only read.",
       .examples = {{"rehearse", "all that is pending"},
                    {"rehearse --format markdown > report.md", "for a pull request"},
                    {"rehearse --copy server", "in a database beside the original"}},
       .exit_codes = {
           {1, "a revision or its downgrade failed, the schema did not come back, or applied files changed"},
           {2, "revision files, settings or the target are wrong, or a statement would reach out of the copy"},
           {3, "the database cannot be reached, or no copy can be made"},
           {5, "a revision was left behind half-done: finish it first"}}});
}

}  // namespace migrate::cli
