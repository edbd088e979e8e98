#include "config/variables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>

#include "config/dotenv.hpp"

namespace migrate::config {
namespace {

constexpr std::string_view prefix = "MIGRATE_";

// Without the prefix, which would make everything seem near.
const std::vector<std::string>& known_names() {
  static const std::vector<std::string> names = {"DATABASE_URL", "DIRECT_URL",       "ENV",  "CONFIG",
                                                 "PG_BIN",       "PG_USER",          "ROLE", "WAIT",
                                                 "LOCK_TIMEOUT", "STATEMENT_TIMEOUT"};
  return names;
}

/// The known variable that was probably meant, if this is none.
std::optional<std::string> meant_by(std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  const auto rest = name.substr(prefix.size());
  const auto found = nearest(rest, known_names());
  if (!found || *found == rest) return std::nullopt;
  return fmt::format("{}{}", prefix, *found);
}

}  // namespace

Result<void> Variables::read_dotenv(const std::filesystem::path& file, std::string path) {
  // Python's virtual environments are folders of this name.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return {};
  MIGRATE_TRY_ASSIGN(auto text, read_file(file));
  const auto source = make_source(std::move(path), std::move(text));
  shown_ = redacted_dotenv(*source);
  MIGRATE_TRY_ASSIGN(dotenv_, parse_dotenv(source));
  return {};
}

std::optional<Variable> Variables::in_environment(std::string_view name) const {
  const auto at = environment_.find(name);
  if (at == environment_.end() || at->second.empty()) return std::nullopt;
  return Variable{std::string(name), at->second, Origin::environment, std::string(name), 0};
}

std::optional<Variable> Variables::in_dotenv(std::string_view name) const {
  const auto at = dotenv_.find(name);
  if (at == dotenv_.end() || at->second.first.empty()) return std::nullopt;
  const auto& [value, line] = at->second;
  return Variable{std::string(name), value, Origin::dotenv, fmt::format("{}:{}", shown_->path(), line), line};
}

std::optional<Variable> Variables::find(std::string_view name) const {
  auto variable = in_environment(name);
  return variable ? variable : in_dotenv(name);
}

std::optional<Variable> Variables::first_in_environment(std::span<const std::string_view> names) const {
  for (const auto name : names)
    if (auto variable = in_environment(name)) return variable;
  return std::nullopt;
}

std::optional<Variable> Variables::first_in_dotenv(std::span<const std::string_view> names) const {
  for (const auto name : names)
    if (auto variable = in_dotenv(name)) return variable;
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Variables::libpq_environment() const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [name, value] : dotenv_)
    if (name.starts_with("PG") && !environment_.contains(name)) found.emplace_back(name, value.first);
  return found;
}

Diagnostics Variables::near_misses() const {
  Diagnostics warnings;
  const auto look_at = [&](const Variable& variable) {
    const auto meant = meant_by(variable.name);
    if (!meant) return;
    warnings.push_back(
        placed(warning("unknown-variable", fmt::format("the variable `{}` has no meaning", variable.name))
                   .help(fmt::format("did you mean `{}`?", *meant)),
               variable));
  };
  for (const auto& [name, value] : environment_) look_at({name, value, Origin::environment, name, 0});
  for (const auto& [name, value] : dotenv_)
    look_at({name, value.first, Origin::dotenv, fmt::format("{}:{}", shown_->path(), value.second), value.second});
  return warnings;
}

Diagnostic Variables::placed(Diagnostic diagnostic, const Variable& variable) const {
  if (variable.origin != Origin::dotenv) return std::move(diagnostic).note("from", variable.where);
  const auto line = shown_->line_range(variable.line);
  const auto indent = shown_->text(line).find(variable.name);
  const auto begin = line.begin + (indent == std::string_view::npos ? 0 : indent);
  return std::move(diagnostic).at(shown_, {begin, std::min(line.end, begin + variable.name.size())});
}

}  // namespace migrate::config
