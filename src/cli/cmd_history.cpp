#include <migrate/ops/history_listing.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/usage_error.hpp"

namespace migrate::cli {
namespace {

ui::GraphChoice graph_choice(const std::string& word) {
  if (word == "unicode") return ui::GraphChoice::unicode;
  return word == "none" ? ui::GraphChoice::none : ui::GraphChoice::ascii;
}

}  // namespace

void add_history(Program& program) {
  struct Flags {
    ops::HistoryOptions options;
    std::string graph = "ascii";
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command("history", "Show revisions, newest first, and which of them are applied",
                                  Needs::settings, [flags](Invocation& call) {
                                    return ui::show(call.output, ops::list_history(call.context, flags->options),
                                                    graph_choice(flags->graph));
                                  });
  command
      ->add_option("-r,--range,--rev-range", flags->options.range,
                   "From A to B; either may be left out, and be an id, a label, `current`, `head-3` ...")
      ->type_name("A:B");
  command->add_flag("-i,--indicate-current", flags->options.indicate_current,
                    "Insist on asking the database: fail where it cannot be reached");
  command->add_option("-n,--limit", flags->options.limit, "The newest so many")->check(count_from(1))->type_name("N");
  command->add_option("--graph", flags->graph, "ascii, unicode or none (a flat list)")
      ->check(CLI::IsMember({"ascii", "unicode", "none"}))
      ->type_name("STYLE");
  document(command,
           {.group = group_look,
            .details = "Glyphs: `@` current, `*` applied, `o` pending (or no database was asked), `x` left behind "
                       "half-done. A database is asked where one is configured; if it does not answer, one line on "
                       "stderr says so, and the history is shown without it.",
            .examples = {{"history", ""},
                         {"history -r current:head", "what an upgrade would bring"},
                         {"history -n 5 -v", "the newest five, with files and dates"},
                         {"history --format json", "all of it, for programs"}},
            .exit_codes = {{3, "the database cannot be reached (with -i, or `current` in the range)"}}});
}

}  // namespace migrate::cli
