#include "cli/completion.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "cli/help.hpp"

namespace migrate::cli {
namespace {

// A type's name and what its validator accepts.
struct ValueKind {
  std::string type;
  std::vector<std::string> choices;
};

ValueKind kind_of(const CLI::Option& option) {
  const std::string name = value_name_of(&option);
  return {name.substr(0, name.find("...")), choices_of(&option)};
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// The line before the word that is being typed, understood as far as completion needs it.
struct Line {
  const CLI::App* command;
  const CLI::Option* waiting = nullptr;  // an option whose value comes next
  std::size_t arguments = 0;             // positional ones so far
  bool only_arguments = false;           // after "--"
  std::set<std::string> flags_given;     // that take no value: "--no-db"
  config::Flags flags;
};

const CLI::Option* find_option(const CLI::App* command, const std::string& name) {
  for (; command != nullptr; command = command->get_parent()) {
    if (const auto* option = command->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

const CLI::App* find_command(const CLI::App* command, std::string_view name) {
  const auto found = command->get_subcommands([&](const CLI::App* child) { return child->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

void note_value(Line& line, const CLI::Option& option, const std::string& value) {
  auto& flags = line.flags;
  if (option.check_lname("dir")) flags.migrations.emplace_back(value);
  if (option.check_lname("config")) flags.settings_file = value;
  if (option.check_lname("directory")) flags.working_directory = value;
}

void read_option(Line& line, const std::string& word) {
  const auto equals = word.find('=');
  const bool is_long = word.starts_with("--");
  const std::string name = is_long ? word.substr(0, equals) : word.substr(0, 2);
  const auto* option = find_option(line.command, name);
  if (option != nullptr && !takes_value(*option)) line.flags_given.insert(name);
  if (option == nullptr || !takes_value(*option)) return;
  if (is_long && equals != std::string::npos) {
    note_value(line, *option, word.substr(equals + 1));
  } else if (!is_long && word.size() > 2) {
    note_value(line, *option, word.substr(2));
  } else {
    line.waiting = option;
  }
}

void read_word(Line& line, const std::string& word) {
  if (line.waiting != nullptr) {
    note_value(line, *line.waiting, word);
    line.waiting = nullptr;
  } else if (line.only_arguments) {
    ++line.arguments;
  } else if (word == "--") {
    line.only_arguments = true;
  } else if (word.size() > 1 && word.front() == '-') {
    read_option(line, word);
  } else if (const auto* child = find_command(line.command, word)) {
    line.command = child;
    line.arguments = 0;
  } else {
    ++line.arguments;
  }
}

class Completer {
 public:
  Completer(Line line, std::string typed, const Vocabulary& vocabulary)
      : line_(std::move(line)), typed_(std::move(typed)), vocabulary_(vocabulary) {}

  Completion run() {
    if (line_.waiting != nullptr) {
      offer_values(*line_.waiting, {});
    } else if (typed_.starts_with('-') && !line_.only_arguments) {
      complete_option();
    } else {
      if (!line_.only_arguments && line_.arguments == 0) offer_commands();
      if (const auto* argument = next_argument()) offer_values(*argument, {});
    }
    return std::move(completion_);
  }

 private:
  void offer(std::string word, std::string description) {
    if (word.starts_with(typed_)) completion_.candidates.push_back({std::move(word), std::move(description)});
  }

  void complete_option() {
    const auto equals = typed_.find('=');
    if (equals != std::string::npos) {
      const auto* option = find_option(line_.command, typed_.substr(0, equals));
      if (option != nullptr && takes_value(*option)) offer_values(*option, typed_.substr(0, equals + 1));
      return;
    }
    for (const CLI::App* command = line_.command; command != nullptr; command = command->get_parent()) {
      for (const auto* option : command->get_options()) {
        const bool repeated_help = command != line_.command && option == command->get_help_ptr();
        if (option->get_group().empty() || repeated_help) continue;
        for (const auto& name : option->get_lnames()) offer("--" + name, option->get_description());
      }
    }
  }

  void offer_commands() { offer_commands_of(line_.command, {}); }

  void offer_commands_of(const CLI::App* command, const std::string& prefix) {
    for (const auto* child : command->get_subcommands([](const CLI::App*) { return true; })) {
      if (!child->get_group().empty()) offer(prefix + child->get_name(), summary_of(*child));
    }
  }

  const CLI::Option* next_argument() const {
    const auto arguments =
        line_.command->get_options([](const CLI::Option* option) { return option->get_positional(); });
    if (line_.arguments < arguments.size()) return arguments[line_.arguments];
    const bool repeats = !arguments.empty() && arguments.back()->get_items_expected_max() > 1;
    return repeats ? arguments.back() : nullptr;
  }

  void offer_values(const CLI::Option& option, const std::string& prefix) {
    const ValueKind kind = kind_of(option);
    for (const auto& choice : kind.choices) offer(prefix + choice, {});
    if (kind.type == "FILE") completion_.files = Completion::Files::files;
    if (kind.type == "DIR") completion_.files = Completion::Files::folders;
    if (kind.type == "A:B") {
      const auto colon = typed_.find(':', prefix.size());
      const bool second = colon != std::string::npos;
      offer_revisions(second ? typed_.substr(0, colon + 1) : prefix);
    }
    if (kind.type == "COMMAND") offer_commands_of(line_.command->get_parent(), prefix);
    if (kind.type == "REV") offer_revisions(prefix);
    if (kind.type == "RULE") {
      for (const auto& rule : ops::rule_words()) offer(prefix + rule.id, rule.summary);
    }
    if (kind.type == "TARGET") offer_targets(prefix);
    if (kind.type == "NAME" && line_.command->get_name() == "config") {
      for (const auto& name : vocabulary_(line_.flags).settings) {
        const bool one_word = name.find(' ') == std::string::npos;
        if (one_word) offer(prefix + name, {});
      }
    }
  }

  void offer_revisions(const std::string& prefix) {
    const auto words = vocabulary_(line_.flags);
    offer_heads(prefix, words);
    offer(prefix + "base", "before the first revision");
    if (asks_database()) offer(prefix + "current", "where the database is");
    offer_names(prefix, words);
  }

  // Whether `current` means something there: some stand on files alone, or do where they are told to.
  bool asks_database() const {
    const std::string& verb = line_.command->get_name();
    const auto given = [this](const char* flag) { return line_.flags_given.count(flag) > 0; };
    if (verb == "revision" || verb == "merge") return false;
    if (verb == "lint") return given("--database");
    return !given("--no-db");
  }

  // Where a verb goes: up, down, or (stamp) either way.
  void offer_targets(const std::string& prefix) {
    const auto words = vocabulary_(line_.flags);
    const std::string& verb = line_.command->get_name();
    const bool only_up = verb == "upgrade" || verb == "plan" || verb == "rehearse";
    const bool only_down = verb == "downgrade" || verb == "redo";
    if (!only_down) offer_heads(prefix, words);
    if (!only_up) offer(prefix + "base", "before the first revision");
    if (only_up) offer(prefix + "+1", "one revision further");
    if (only_down) offer(prefix + "-1", "one revision back");
    offer_names(prefix, words);
  }

  void offer_heads(const std::string& prefix, const ops::Vocabulary& words) {
    offer(prefix + "head", "the newest revision");
    offer(prefix + "heads", "all heads");
    for (const auto& label : words.labels) offer(prefix + label + "@head", "the end of branch " + label);
  }

  void offer_names(const std::string& prefix, const ops::Vocabulary& words) {
    for (const auto& label : words.labels) offer(prefix + label, "branch " + label);
    for (const auto& revision : words.revisions) offer(prefix + revision.id.str(), revision.message);
  }

  Line line_;
  std::string typed_;
  const Vocabulary& vocabulary_;
  Completion completion_;
};

std::string one_line(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return result;
}

}  // namespace

Completion complete(const CLI::App& root, std::span<const std::string> words, const Vocabulary& vocabulary) {
  Line line{.command = &root, .flags = {}};
  const std::string typed = words.empty() ? std::string() : words.back();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) read_word(line, words[i]);
  return Completer(std::move(line), typed, vocabulary).run();
}

std::string render(const Completion& completion) {
  std::string text;
  for (const auto& candidate : completion.candidates) {
    text += one_line(candidate.word);
    if (!candidate.description.empty()) text += '\t' + one_line(candidate.description);
    text += '\n';
  }
  if (completion.files == Completion::Files::files) text += ":files\n";
  if (completion.files == Completion::Files::folders) text += ":folders\n";
  return text;
}

}  // namespace migrate::cli
