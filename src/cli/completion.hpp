// Completion of command lines: what could stand in the place of the last word.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <migrate/config/settings.hpp>
#include <migrate/ops/completion.hpp>

namespace migrate::cli {

struct Candidate {
  std::string word;
  std::string description;
  bool operator==(const Candidate&) const = default;
};

struct Completion {
  enum class Files { none, files, folders };
  std::vector<Candidate> candidates;
  Files files = Files::none;  // leave it to the shell
};

// Gives the project's revisions and names, with the settings that the line's own flags ask for. Called when needed.
using Vocabulary = std::function<ops::Vocabulary(const config::Flags&)>;

// `words` are those after the program's name; the last one, which may be empty, is being typed. The kind of a value
// is known from its option's type name: REV, TARGET, A:B, LABEL, RULE, NAME, FILE, DIR, or from the set it is checked
// against.
Completion complete(const CLI::App& root, std::span<const std::string> words, const Vocabulary& vocabulary);

// One candidate per line, a tab before its description; ":files" or ":folders" where the shell is to go on.
std::string render(const Completion& completion);

// The adaptor for a shell: bash, zsh or fish.
std::string_view completion_script(std::string_view shell);

}  // namespace migrate::cli
