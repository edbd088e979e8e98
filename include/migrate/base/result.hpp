/// \file
/// `Result<T, E>`: a value or an error, with the names of std::expected (which g++ 12 does not have).
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/exit_code.hpp>

namespace migrate {

/// Why something could not be done: what the user is told, and the exit code it ends with.
struct Failure {
  Diagnostics diagnostics;
  ExitCode exit_code = ExitCode::usage;

  Failure() = default;
  Failure(Diagnostic diagnostic, ExitCode code = ExitCode::usage) : exit_code(code) {
    diagnostics.push_back(std::move(diagnostic));
  }
  explicit Failure(Diagnostics all, ExitCode code = ExitCode::usage) : diagnostics(std::move(all)), exit_code(code) {}
};

/// Marks a value as the error of a Result, as std::unexpected does.
template <class E>
struct Unexpected {
  E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

inline Unexpected<Failure> fail(Diagnostic diagnostic, ExitCode code = ExitCode::usage) {
  return {Failure(std::move(diagnostic), code)};
}
inline Unexpected<Failure> fail(Failure failure) { return {std::move(failure)}; }

template <class T, class E = Failure>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class G>
  requires std::is_convertible_v<G, E> Result(Unexpected<G> unexpected)
      : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & { return std::get<1>(state_); }
  const E& error() const& { return std::get<1>(state_); }
  E&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Result() = default;
  template <class G>
  requires std::is_convertible_v<G, E> Result(Unexpected<G> unexpected) : error_(std::move(unexpected.error)) {}

  [[nodiscard]] bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  E& error() & { return *error_; }
  const E& error() const& { return *error_; }
  E&& error() && { return *std::move(error_); }

 private:
  std::optional<E> error_;
};

}  // namespace migrate

#define MIGRATE_CONCAT_INNER(a, b) a##b
#define MIGRATE_CONCAT(a, b) MIGRATE_CONCAT_INNER(a, b)

/// Returns the error of `expression` from the enclosing function, if it has one.
#define MIGRATE_TRY(expression)                                                                                      \
  do {                                                                                                               \
    if (auto migrate_try = (expression); !migrate_try) return ::migrate::Unexpected{std::move(migrate_try).error()}; \
  } while (false)

/// Declares `target` with the value of `expression`, or returns its error from the enclosing function.
#define MIGRATE_TRY_ASSIGN(target, expression)                                               \
  auto MIGRATE_CONCAT(migrate_try_, __LINE__) = (expression);                                \
  if (!MIGRATE_CONCAT(migrate_try_, __LINE__))                                               \
    return ::migrate::Unexpected{std::move(MIGRATE_CONCAT(migrate_try_, __LINE__)).error()}; \
  target = *std::move(MIGRATE_CONCAT(migrate_try_, __LINE__))
