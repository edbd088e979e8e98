#include "cli/usage_error.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "cli/help.hpp"

namespace migrate::cli {
namespace {

std::vector<std::string> words_of(const CLI::App* command) {
  std::vector<std::string> words;
  for (const CLI::App* child : command->get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(child->get_name());
  }
  for (const CLI::App* app = command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) words.push_back("--" + name);
    }
  }
  return words;
}

Diagnostic with_usage(Diagnostic diagnostic, const CLI::App* command) {
  diagnostic = std::move(diagnostic).help("usage: " + usage_of(command));
  if (const auto example = first_example_of(command); !example.empty()) {
    diagnostic = std::move(diagnostic).help("for example: " + example);
  }
  return std::move(diagnostic).help(fmt::format("see `{} --help`", command_line_of(command)));
}

const CLI::Option* first_missing(const CLI::App* command) {
  const auto missing =
      command->get_options([](const CLI::Option* option) { return option->get_required() && option->count() == 0; });
  return missing.empty() ? nullptr : missing.front();
}

Diagnostic missing_argument(const CLI::App* command, const CLI::Option& option) {
  const std::string name = option.get_positional() ? value_name_of(&option) : option.get_name();
  return with_usage(error("missing-argument", fmt::format("`{}` needs {}", command_line_of(command), name))
                        .note(name, option.get_description()),
                    command);
}

// CLI11 begins what it says with the option's name.
const CLI::Option* option_in(const CLI::App* command, std::string_view words) {
  const std::string name(words.substr(0, words.find(':')));
  for (; command != nullptr; command = command->get_parent()) {
    if (const auto* option = command->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

std::string shown_name(const CLI::Option& option) {
  return option.get_positional() ? value_name_of(&option) : option.get_name();
}

Diagnostic missing_value(const CLI::App* command, const CLI::Option& option) {
  const std::string name = shown_name(option);
  return error("missing-value", fmt::format("`{}` needs a value", name))
      .help(fmt::format("write {} {}: {}", name, value_name_of(&option), option.get_description()))
      .help(fmt::format("see `{} --help`", command_line_of(command)));
}

Diagnostic wrong_value(const CLI::App* command, const CLI::Option& option, const std::vector<std::string>& choices) {
  const auto& given = option.results();
  const auto wrong = std::find_if(given.begin(), given.end(), [&](const std::string& value) {
    return std::find(choices.begin(), choices.end(), value) == choices.end();
  });
  const std::string value = wrong == given.end() ? std::string() : *wrong;
  auto diagnostic = error("invalid-value", fmt::format("{} cannot be `{}`", shown_name(option), value));
  if (const auto meant = nearest(value, choices))
    diagnostic = std::move(diagnostic).help(fmt::format("did you mean `{}`?", *meant));
  return std::move(diagnostic)
      .help(fmt::format("it takes {}", fmt::join(choices, ", ")))
      .help(fmt::format("see `{} --help`", command_line_of(command)));
}

// An option that takes one value has more.
Diagnostic given_again(const CLI::App* command, const CLI::Option& option) {
  return error("repeated-option", fmt::format("`{}` is given more than once", shown_name(option)))
      .help("give it once")
      .help(fmt::format("see `{} --help`", command_line_of(command)));
}

std::string in_backticks(const CLI::Option& option) { return fmt::format("`{}`", shown_name(option)); }

// The value is none of the kind that the option takes: `allowed` says in words which that is.
Diagnostic refused_value(const CLI::App* command, const CLI::Option& option, const std::string& allowed) {
  return with_usage(
      error("invalid-value", fmt::format("{} cannot be `{}`", shown_name(option), fmt::join(option.results(), " ")))
          .help("it takes " + allowed),
      command);
}

// What our validators say stands behind "NAME: ".
std::string words_of_validator(std::string_view words) {
  const auto colon = words.find(": ");
  return std::string(colon == std::string_view::npos ? words : words.substr(colon + 2));
}

// "Could not convert: NAME = VALUE"
const CLI::Option* option_not_converted(const CLI::App* command, std::string_view words) {
  const auto colon = words.find(": ");
  if (colon == std::string_view::npos) return nullptr;
  words.remove_prefix(colon + 2);
  const std::string name(words.substr(0, words.find(" = ")));
  for (; command != nullptr; command = command->get_parent()) {
    if (const auto* option = command->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

// Two of the command's options that were given and exclude each other.
std::optional<Diagnostic> excluded(const CLI::App* command) {
  for (const CLI::Option* option : command->get_options()) {
    if (option->count() == 0) continue;
    for (const CLI::Option* other : option->get_excludes()) {
      if (other->count() == 0) continue;
      return with_usage(
          error("usage", fmt::format("{} and {} exclude each other", in_backticks(*option), in_backticks(*other)))
              .help("give one of them"),
          command);
    }
  }
  return std::nullopt;
}

Diagnostic in_words_of_parser(const CLI::App* command, std::string message) {
  if (!message.empty() && message.back() == '.') message.pop_back();
  if (!message.empty()) message.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(message.front())));
  return error("usage", message).help(fmt::format("see `{} --help`", command_line_of(command)));
}

}  // namespace

CLI::Validator count_from(int least) {
  const auto refuse = [least](const std::string& text) {
    int number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    const bool is_count = failure == std::errc() && stopped == end && number >= least;
    return is_count ? std::string() : fmt::format("a whole number from {} on", least);
  };
  return {refuse, ""};
}

CLI::Validator one_of(std::vector<std::string> choices) {
  const auto refuse = [choices = std::move(choices)](const std::string& text) {
    const bool is_one = std::find(choices.begin(), choices.end(), text) != choices.end();
    return is_one ? std::string() : join_with_and(choices);
  };
  return {refuse, ""};
}

std::optional<std::string> meant_by(const std::string& word, std::span<const std::string> candidates) {
  if (auto near = nearest(word, candidates)) return near;
  constexpr std::size_t least_telling = 2;
  if (word.size() < least_telling) return std::nullopt;
  const auto begins = [&](const std::string& candidate) { return candidate.starts_with(word); };
  const auto first = std::find_if(candidates.begin(), candidates.end(), begins);
  const bool only_one = first != candidates.end() && std::none_of(first + 1, candidates.end(), begins);
  return only_one ? std::optional(*first) : std::nullopt;
}

Diagnostic missing_command(const CLI::App* group) {
  std::vector<std::string> names;
  for (const CLI::App* child : group->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(fmt::format("`{}`", child->get_name()));
  }
  return error("missing-argument", fmt::format("`{}` needs a command", command_line_of(group)))
      .help(fmt::format("its commands are {}", join_with_and(names)))
      .help(fmt::format("see `{} --help`", command_line_of(group)));
}

Diagnostic unexpected_word(const CLI::App* command, const std::string& word) {
  const bool option = word.starts_with("-");
  const bool group = !command->get_subcommands([](const CLI::App*) { return true; }).empty();
  const bool verb = !option && group;
  const char* id = option ? "unknown-option" : verb ? "unknown-command" : "unexpected-argument";
  const char* what = option ? "unknown option" : verb ? "unknown command" : "unexpected argument";
  auto diagnostic = error(id, fmt::format("{} `{}`", what, word));
  if (const auto meant = meant_by(option ? word.substr(0, word.find('=')) : word, words_of(command))) {
    diagnostic = std::move(diagnostic).help(fmt::format("did you mean `{}`?", *meant));
  } else if (word.find("://") != std::string::npos) {
    diagnostic = std::move(diagnostic).help("name the database in DATABASE_URL, or with --url URL");
  }
  if (!option && !verb) diagnostic = std::move(diagnostic).help("usage: " + usage_of(command));
  return std::move(diagnostic).help(fmt::format("see `{} --help`", command_line_of(command)));
}

Diagnostic word_after_dashes(const CLI::App* command, const std::string& word) {
  if (!word.starts_with("-")) return unexpected_word(command, word);
  return with_usage(error("unexpected-argument", fmt::format("unexpected argument `{}` behind `--`", word))
                        .help("options go before `--`: what follows it are arguments"),
                    command);
}

Diagnostic usage_error(const CLI::App* command, const CLI::ParseError& problem) {
  if (dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr) {
    if (const auto* missing = first_missing(command)) return missing_argument(command, *missing);
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&problem) != nullptr) {
    if (auto both = excluded(command)) return *std::move(both);
  }
  if (dynamic_cast<const CLI::ConversionError*>(&problem) != nullptr) {
    if (const auto* option = option_not_converted(command, problem.what())) {
      return refused_value(command, *option, "a value like " + value_name_of(option));
    }
  }
  if (const auto* option = option_in(command, problem.what())) {
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&problem) != nullptr) {
      return option->count() > 1 ? given_again(command, *option) : missing_value(command, *option);
    }
    const auto choices = choices_of(option);
    if (!choices.empty()) return wrong_value(command, *option, choices);
    if (dynamic_cast<const CLI::ValidationError*>(&problem) != nullptr) {
      return refused_value(command, *option, words_of_validator(problem.what()));
    }
  }
  return in_words_of_parser(command, problem.what());
}

}  // namespace migrate::cli
