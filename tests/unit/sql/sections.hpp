/// \file
/// Sections from texts, and what the room says of them as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <migrate/sql/statement.hpp>

#include "unit/revision/plain_text.hpp"

namespace migrate::test {

inline ByteRange whole(const SourcePtr& source) { return {0, source->text().size()}; }

/// The statements' texts, each followed by its data in brackets where it has some; or what is wrong.
inline std::vector<std::string> split(const std::string& text) {
  const auto source = make_source("a.sql", text);
  const auto statements = sql::split_statements(source, whole(source));
  if (!statements) return {plain(statements.error().diagnostics)};
  std::vector<std::string> texts;
  for (const auto& statement : *statements) {
    std::string line(source->text(statement.range));
    if (statement.copy_data) line += fmt::format(" [{}]", source->text(*statement.copy_data));
    texts.push_back(std::move(line));
  }
  return texts;
}

/// What is wrong with a section, in plain text; "" where it can be cut into statements.
inline std::string problems(const std::string& text) {
  const auto source = make_source("a.sql", text);
  const auto statements = sql::split_statements(source, whole(source));
  return statements ? std::string() : plain(statements.error().diagnostics);
}

inline std::string checksum(const std::string& text) {
  const auto source = make_source("a.sql", text);
  return sql::section_checksum(source, whole(source));
}

}  // namespace migrate::test
