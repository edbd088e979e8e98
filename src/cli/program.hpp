// The program: global flags, the list of commands, and how one is run.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <migrate/base/exit_code.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::cli {

// What a command is given when it runs.
struct Invocation {
  const config::Settings& settings;
  const ops::Context& context;
  ui::Output& output;
};

// How much of the world a command needs before it runs.
enum class Needs {
  nothing,  // runs also where settings are broken; gets defaults
  settings,
};

using Run = std::function<ExitCode(Invocation&)>;

class Program {
 public:
  Program();

  // A subcommand; `run` is called after parsing. Flags are kept in a struct that `run` owns through a shared_ptr.
  CLI::App* command(const std::string& name, const std::string& summary, Needs needs, Run run);
  // A word that only groups others; alone it shows its help.
  CLI::App* group(const std::string& name, const std::string& summary);
  CLI::App* subcommand(CLI::App* parent, const std::string& name, const std::string& summary, Needs needs, Run run);

  // Its answer may be asked for with `--format markdown`.
  void writes_markdown(const CLI::App* command) { markdown_writers_.push_back(command); }

  ExitCode main(int argc, char** argv);

  [[nodiscard]] CLI::App& app() { return app_; }

 private:
  struct Command {
    CLI::App* app;
    Needs needs;
    Run run;
  };
  struct GlobalFlags {
    config::Flags settings;
    std::string format = "human";
    std::string color = "auto";
    bool unicode = false;
    bool quiet = false;
    int verbosity = 0;
    bool show_detail = false;
  };

  void add_global_flags();
  [[nodiscard]] ui::OutputOptions output_options(const std::string& command) const;
  ExitCode complete(std::span<char*> arguments);  // the hidden `migrate __complete -- words...`
  ExitCode refuse(const CLI::ParseError& problem);
  ExitCode run(const Command& command);

  CLI::App app_;
  GlobalFlags flags_;
  std::vector<Command> commands_;
  std::vector<const CLI::App*> markdown_writers_;
  std::optional<config::SecretMask> mask_;  // of the command line
};

}  // namespace migrate::cli
