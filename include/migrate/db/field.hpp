/// \file
/// Values in the fields of a row.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <system_error>

namespace migrate::db {

/// The number that the text begins with; none where the field is NULL, or begins with none that fits the type.
template <class Number>
std::optional<Number> to_number(const std::optional<std::string>& field) {
  if (!field) return std::nullopt;
  Number value{};
  const auto parsed = std::from_chars(field->data(), field->data() + field->size(), value);
  return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace migrate::db
