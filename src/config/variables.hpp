/// \file
/// The variables of the environment, and below them those of `.env`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <migrate/config/settings.hpp>

namespace migrate::config {

/// A variable that is set and not empty: an empty one counts as not set, for many tools can't unset one.
struct Variable {
  std::string name;
  std::string value;
  Origin origin = Origin::environment;
  std::string where;     ///< "DATABASE_URL", ".env:3"
  std::size_t line = 0;  ///< of `.env`
};

class Variables {
 public:
  explicit Variables(const Environment& environment) : environment_(environment) {}
  /// `path` is how the file is called in messages.
  Result<void> read_dotenv(const std::filesystem::path& file, std::string path);

  [[nodiscard]] std::optional<Variable> in_environment(std::string_view name) const;
  [[nodiscard]] std::optional<Variable> in_dotenv(std::string_view name) const;
  [[nodiscard]] std::optional<Variable> find(std::string_view name) const;
  /// The first of the names that the environment has.
  [[nodiscard]] std::optional<Variable> first_in_environment(std::span<const std::string_view> names) const;
  [[nodiscard]] std::optional<Variable> first_in_dotenv(std::span<const std::string_view> names) const;

  /// libpq's variables of `.env` that the environment does not have.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> libpq_environment() const;
  /// A warning for each MIGRATE_ variable that is nearly one that is known.
  [[nodiscard]] Diagnostics near_misses() const;
  /// With the place of the variable: its line of `.env`, or a note with its name.
  [[nodiscard]] Diagnostic placed(Diagnostic diagnostic, const Variable& variable) const;

 private:
  const Environment& environment_;
  DotenvVariables dotenv_;
  SourcePtr shown_;  // `.env` without its values
};

}  // namespace migrate::config
