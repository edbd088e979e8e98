/// \file
/// Statements read, for the tests of each family.
#pragma once

#include <string>
#include <string_view>

#include <migrate/sql/model.hpp>

#include "support/catch.hpp"

namespace migrate::test {

/// A statement that does not stand at its source's begin, so that a range in the statement is none in the source.
struct ReadStatement {
  SourcePtr source;
  sql::Model model;

  explicit ReadStatement(const std::string& statement) {
    const std::string before = "-- Ünïcode\nSELECT 1;\n";
    source = make_source("a.sql", before + statement + ";\nSELECT 2;\n");
    model = sql::read_model(source, {before.size(), before.size() + statement.size()});
  }

  [[nodiscard]] std::string text(ByteRange range) const { return std::string(source->text(range)); }

  template <class T>
  [[nodiscard]] const T& as() const {
    REQUIRE(std::holds_alternative<T>(model.action));
    return std::get<T>(model.action);
  }
};

}  // namespace migrate::test
