#include "cli/program.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/log.hpp>
#include <migrate/ops/check_settings.hpp>
#include <migrate/version.hpp>

#include "cli/completion.hpp"
#include "cli/help.hpp"
#include "cli/usage_error.hpp"

extern char** environ;

namespace migrate::cli {
namespace {

config::Environment process_environment() {
  config::Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

ui::ColorChoice color_choice(const std::string& word) {
  if (word == "always") return ui::ColorChoice::always;
  return word == "never" ? ui::ColorChoice::never : ui::ColorChoice::automatic;
}

// The innermost subcommand that was named, for messages and help.
CLI::App* named_command(CLI::App& app) {
  CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

// With its group in front: `dev status` is not `status`.
std::string full_name(const CLI::App* command) {
  const CLI::App* group = command->get_parent();
  if (group == nullptr || group->get_parent() == nullptr) return command->get_name();
  return group->get_name() + " " + command->get_name();
}

// A password belongs into `--url`, which is known to hold one; anywhere else it comes back in what is said of the word.
std::optional<config::SecretMask> misplaced_secrets(std::span<char*> arguments) {
  std::optional<config::SecretMask> all;
  bool is_url = false;
  for (const std::string_view word : arguments) {
    const bool expected = std::exchange(is_url, word == "--url") || word.starts_with("--url=");
    const auto found = expected ? std::nullopt : config::SecretMask::found_in(word);
    if (!found) continue;
    if (!all) all.emplace();
    all->add(*found);
  }
  return all;
}

// A flag takes one word: a list is made by saying it again. Else `--dir a REV` would take the revision too.
void take_one_word_each(CLI::App& app) {
  for (CLI::Option* option : app.get_options([](const CLI::Option* any) { return any->nonpositional(); })) {
    option->allow_extra_args(false);
  }
  for (CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) take_one_word_each(*child);
}

}  // namespace

Program::Program() : app_("Schema migrations for PostgreSQL, in plain SQL", "migrate") {
  app_.fallthrough();
  app_.allow_extras();
  app_.require_subcommand(0, 1);  // in `upgrade heads` the second word is a target, though it is a command's name too
  app_.formatter(std::make_shared<HelpFormatter>());
  app_.option_defaults()->group(group_global_options);
  app_.set_help_flag("-h,--help", "Show this help");
  app_.set_version_flag("--version", fmt::format("migrate {}", version), "Print the version");
  add_global_flags();
  app_.option_defaults()->group("Options");
  document_exit_codes(app_);
}

void Program::add_global_flags() {
  auto& settings = flags_.settings;
  app_.add_option("--url", settings.url, "The database (better: DATABASE_URL; process lists show arguments)")
      ->type_name("URL");
  app_.add_option("-c,--config", settings.settings_file, "The settings file (default: migrate.toml here or above)")
      ->type_name("FILE");
  app_.add_option("-C,--directory", settings.working_directory, "Work as if started in this folder")->type_name("DIR");
  app_.add_option("--dir", settings.migrations, "The migrations folder (may be repeated)")->type_name("DIR");
  app_.add_option("--wait", settings.wait, "Wait so long for the server to come up")->type_name("TIME");
  app_.add_option("--lock-timeout", settings.lock_timeout,
                  "Wait so long for a table's lock; then let others pass, and try again for 10 min")
      ->type_name("TIME");
  app_.add_option("--statement-timeout", settings.statement_timeout, "Give up on a statement after this time")
      ->type_name("TIME");
  app_.add_option("--role", settings.role, "SET ROLE after connecting")->type_name("ROLE");
  app_.add_option("--format", flags_.format,
                  "human, json or jsonl; sarif, github or gitlab: what is wrong, alone; markdown: of rehearse")
      ->check(CLI::IsMember({"human", "json", "jsonl", "sarif", "github", "gitlab", "markdown"}))
      ->type_name("FORMAT");
  app_.add_option("--color", flags_.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app_.add_flag("-q,--quiet", flags_.quiet, "Only errors");
  app_.add_flag("-v,--verbose", flags_.verbosity,
                "More: statements and timings, files and dates; twice: all SQL and notices");
  app_.add_flag("--show-detail", flags_.show_detail,
                "Show DETAIL of server errors also in a pipe (it may hold row values)");
}

CLI::App* Program::command(const std::string& name, const std::string& summary, Needs needs, Run run) {
  return subcommand(&app_, name, summary, needs, std::move(run));
}

CLI::App* Program::group(const std::string& name, const std::string& summary) {
  CLI::App* app = app_.add_subcommand(name, summary);
  app->fallthrough();
  app->allow_extras();
  app->require_subcommand(0, 1);
  return app;
}

CLI::App* Program::subcommand(CLI::App* parent, const std::string& name, const std::string& summary, Needs needs,
                              Run run) {
  CLI::App* app = parent->add_subcommand(name, summary);
  app->fallthrough();
  app->allow_extras();
  commands_.push_back({app, needs, std::move(run)});
  return app;
}

ui::OutputOptions Program::output_options(const std::string& command) const {
  const auto choice = color_choice(flags_.color);
  ui::OutputOptions options;
  if (flags_.format == "json") options.format = ui::Format::json;
  if (flags_.format == "jsonl") options.format = ui::Format::jsonl;
  if (flags_.format == "sarif") options.format = ui::Format::sarif;
  if (flags_.format == "github") options.format = ui::Format::github;
  if (flags_.format == "gitlab") options.format = ui::Format::gitlab;
  options.markdown = flags_.format == "markdown";
  options.out = ui::style_of_stream(STDOUT_FILENO, choice);
  options.err = ui::style_of_stream(STDERR_FILENO, choice);
  options.quiet = flags_.quiet;
  options.verbosity = flags_.verbosity;
  options.command = command;
  options.mask = mask_;
  return options;
}

ExitCode Program::refuse(const CLI::ParseError& problem) {
  if (problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app_.exit(problem);  // --help and --version: CLI11 prints them
    return ExitCode::ok;
  }
  ui::Output output(output_options(full_name(named_command(app_))));
  return output.fail(Failure(usage_error(named_command(app_), problem)));
}

ExitCode Program::complete(std::span<char*> arguments) {
  std::vector<std::string> words(arguments.begin(), arguments.end());
  if (!words.empty() && words.front() == "--") words.erase(words.begin());
  const auto vocabulary = [](const config::Flags& flags) {
    std::error_code ignored;
    if (flags.working_directory) std::filesystem::current_path(*flags.working_directory, ignored);
    const auto loaded = config::load_settings(flags, process_environment(), std::filesystem::current_path(ignored));
    return loaded ? ops::read_vocabulary(loaded->settings) : ops::Vocabulary{};
  };
  fmt::print("{}", render(cli::complete(app_, words, vocabulary)));
  return ExitCode::ok;
}

ExitCode Program::main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  // Half a command line is not one that can be parsed.
  if (argc > 1 && std::string_view(argv[1]) == "__complete") return complete(arguments.subspan(2));
  mask_ = misplaced_secrets(arguments);
  take_one_word_each(app_);
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return refuse(problem);
  }

  CLI::App* named = named_command(app_);
  auto extras = app_.remaining(true);
  std::erase(extras, "--");  // it only says that no options follow
  if (!extras.empty()) {
    ui::Output output(output_options(full_name(named)));
    const auto dashes = std::find(arguments.begin(), arguments.end(), std::string_view("--"));
    const bool only_after = std::find(arguments.begin(), dashes, extras.front()) == dashes;
    const auto complain = only_after ? word_after_dashes : unexpected_word;
    return output.fail(Failure(complain(named, extras.front())));
  }
  for (const auto& command : commands_) {
    if (command.app == named) return run(command);
  }
  if (named != &app_) {
    ui::Output output(output_options(full_name(named)));
    return output.fail(Failure(missing_command(named)));
  }
  fmt::print("{}", named->help());  // `migrate` alone
  return ExitCode::ok;
}

ExitCode Program::run(const Command& command) {
  ui::Output output(output_options(full_name(command.app)));
  if (output.options().markdown &&
      std::find(markdown_writers_.begin(), markdown_writers_.end(), command.app) == markdown_writers_.end()) {
    return output.fail(
        Failure(error("invalid-value", fmt::format("`migrate {}` does not answer in Markdown", full_name(command.app)))
                    .help("`migrate rehearse` does; others take --format json")));
  }
  if (flags_.verbosity >= 2) log::set_level(log::Level::debug);
  if (flags_.settings.working_directory) {
    std::error_code failed;
    std::filesystem::current_path(*flags_.settings.working_directory, failed);
    if (failed) {
      return output.fail(
          Failure(error("no-such-folder", fmt::format("cannot enter `{}`: {}",
                                                      flags_.settings.working_directory->string(), failed.message()))));
    }
  }

  config::Settings settings;
  if (command.needs == Needs::settings) {
    auto loaded = config::load_settings(flags_.settings, process_environment(), std::filesystem::current_path());
    if (!loaded) return output.fail(loaded.error());
    output.report(loaded->warnings);
    settings = std::move(loaded->settings);
    if (const auto checked = ops::check_settings(settings); !checked) return output.fail(checked.error());
    // libpq reads its own variables from the environment, and from nowhere else.
    for (const auto& [name, value] : settings.libpq_environment) setenv(name.c_str(), value.c_str(), 0);
  }

  static Interrupt interrupt;  // lives as long as the signal handlers
  interrupt.install_signal_handlers();
  const auto observer = ui::make_observer(output);
  auto context = ops::make_context(settings, *observer, &interrupt);
  context.show_detail = flags_.show_detail || output.options().err.live;
  Invocation invocation{settings, context, output};
  return output.finish(command.run(invocation));
}

}  // namespace migrate::cli
