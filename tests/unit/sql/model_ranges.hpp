/// \file
/// Are the ranges of a model those of the words that it tells of?
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <migrate/base/text.hpp>
#include <migrate/sql/model.hpp>

namespace migrate::test {

/// Collects what is wrong.
class RangeCheck {
 public:
  RangeCheck(const Source& source, ByteRange statement) : source_(source), statement_(statement) {}

  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

  void check(const sql::Model& model) {
    std::size_t end = statement_.begin;
    for (const auto& token : model.tokens) {
      inside("token", token.range, {end, statement_.end});
      end = token.range.end;
    }
    std::visit([this](const auto& action) { each(action); }, model.action);
  }

 private:
  void fail(std::string_view what, std::string_view expected, ByteRange range) {
    problems_.push_back(std::string(what) + " '" + std::string(expected) + "' is at '" +
                        std::string(range.end <= source_.text().size() ? source_.text(range) : "nowhere") + "'");
  }

  void inside(std::string_view what, ByteRange range, ByteRange outer) {
    if (range == ByteRange{}) return;
    if (range.begin >= range.end || range.begin < outer.begin || range.end > outer.end) fail(what, "range", range);
  }

  /// The last part of a written name. Names with escapes are left to the parser.
  static std::string unquoted(std::string_view text) {
    std::size_t begin = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') quoted = !quoted;
      if (text[i] == '.' && !quoted) begin = i + 1;
    }
    text = trim(text.substr(begin));
    if (!text.starts_with('"')) return to_lower_ascii(text);
    std::string name;
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
      name += text[i];
      if (text[i] == '"') ++i;
    }
    return name;
  }

  void name(std::string_view what, const std::string& name, ByteRange range) {
    inside(what, range, statement_);
    if (range.empty()) return;
    const auto text = source_.text(range);
    if (text.find("U&") != std::string_view::npos || text.find("u&") != std::string_view::npos) return;
    const std::string whole = unquoted(text);
    // The parser cuts names at a character's end before the 64th byte.
    const bool is_cut = whole.size() > 63 && name.size() >= 60 && name.size() <= 63;
    if (is_cut ? !whole.starts_with(name) : whole != name) fail(what, name, range);
  }

  void written(std::string_view what, const std::string& value, ByteRange range) {
    if (range.empty()) fail(what, value, range);
    name(what, value, range);
  }

  void each(const sql::QualifiedName& value) { name("name", value.name, value.range); }
  void table(const sql::QualifiedName& value) { written("table", value.name, value.range); }

  template <class T>
  void each(const std::vector<T>& values) {
    for (const T& value : values) each(value);
  }
  template <class T>
  void each(const std::optional<T>& value) {
    if (value) each(*value);
  }

  void expression(const std::optional<sql::Expression>& value, ByteRange outer) {
    if (!value) return;
    inside("expression", value->range, outer);
    if (value->range.empty() || value->text != source_.text(value->range))
      fail("expression", value->text, value->range);
    std::size_t open = 0;
    for (const char c : value->text) open += c == '(' ? 1U : 0U;
    for (const char c : value->text) open -= c == ')' ? 1U : 0U;
    if (open != 0 && value->text.find_first_of("'\"$") == std::string::npos) fail("open", value->text, value->range);
  }

  void type(const sql::TypeRef& value, ByteRange outer) {
    inside("type", value.range, outer);
    if (value.range.empty() != value.name.empty()) fail("type", value.name, value.range);
  }

  void constraint(const sql::Constraint& value, ByteRange outer) {
    inside("constraint", value.range, outer);
    if (value.range.empty()) fail("constraint", value.name, value.range);
    if (!value.name_range.empty()) written("constraint name", value.name, value.name_range);
    if (value.name_range.empty() && !value.name.empty()) fail("constraint name", value.name, value.range);
    expression(value.expression, value.range);
    expression(value.where, value.range);
    each(value.references);
  }
  void each(const sql::Constraint& value) { constraint(value, statement_); }

  void each(const sql::Column& value) {
    inside("column", value.range, statement_);
    written("column", value.name, value.name_range);
    type(value.type, value.range);
    std::size_t begin = std::max(value.name_range.end, value.type.range.end);
    for (const auto& one : value.constraints) {
      constraint(one, {begin, value.range.end});
      begin = one.range.end;
    }
  }

  void each(const sql::LikeClause& value) { table(value.table); }

  void each(const sql::CreateTable& value) {
    table(value.name);
    each(value.columns);
    each(value.constraints);
    each(value.inherits);
    each(value.partition_of);
    each(value.likes);
    each(value.reads);
  }

  void each(const sql::AlterTable& value) {
    table(value.name);
    std::size_t begin = value.name.range.end;
    for (const auto& command : value.commands) {
      inside("command", command.range, {begin, statement_.end});
      if (command.range.empty()) fail("command", command.name, command.range);
      begin = command.range.end;
      if (command.column) each(*command.column);
      if (command.constraint && command.kind == sql::AlterKind::add_constraint) {
        constraint(*command.constraint, command.range);
      }
      if (command.type) type(*command.type, command.range);
      expression(command.expression, command.range);
      each(command.other);
    }
  }

  void each(const sql::CreateIndex& value) {
    if (!value.name.empty()) written("index", value.name, value.name_range);
    table(value.table);
    for (const auto& element : value.elements) expression(element.expression, statement_);
    expression(value.where, statement_);
  }

  void each(const sql::Drop& value) {
    for (const auto& one : value.names) {
      const bool known = value.object != sql::ObjectKind::other && value.object != sql::ObjectKind::cast;
      known ? table(one) : each(one);
    }
  }

  void each(const sql::Rename& value) {
    table(value.relation);
    if (value.object == sql::ObjectKind::enum_value) {
      inside("value", value.new_name_range, statement_);
    } else {
      written("new name", value.new_name, value.new_name_range);
    }
  }

  void each(const sql::SetSchema& value) { each(value.name); }
  void each(const sql::CreateSequence& value) { table(value.name); }
  void each(const sql::AlterSequence& value) { table(value.name); }
  void each(const sql::CreateView& value) { table(value.name), each(value.reads); }
  void each(const sql::RefreshView& value) { table(value.name); }
  void each(const sql::CreateSchema& value) { written("schema", value.name, value.name_range); }
  void each(const sql::CreateEnum& value) { table(value.name); }
  void each(const sql::CreateType& value) { table(value.name); }
  void each(const sql::CreateDomain& value) {
    table(value.name), type(value.type, statement_), each(value.constraints);
  }
  void each(const sql::AlterDomain& value) { table(value.name), each(value.constraint); }
  void each(const sql::AddEnumValue& value) { table(value.type); }
  void each(const sql::CreateTrigger& value) {
    written("trigger", value.name, value.name_range);
    table(value.table);
  }
  void body(const std::string& text, ByteRange range) {
    inside("body", range, statement_);
    if (!range.empty() && source_.text(range) != text) fail("body", text, range);
  }
  void each(const sql::CreateFunction& value) { table(value.name), body(value.body, value.body_range); }
  void each(const sql::DoBlock& value) { body(value.body, value.body_range); }
  void each(const sql::CreatePolicy& value) { table(value.table); }
  void each(const sql::CreateRule& value) { table(value.table); }
  void each(const sql::CreateExtension&) {}
  void each(const sql::CreateStatistics& value) { table(value.name), each(value.tables); }
  void each(const sql::ChangeRows& value) { table(value.table), each(value.reads), each(value.inside); }
  void each(const sql::Select& value) { each(value.reads); }
  void each(const sql::Truncate& value) { each(value.tables); }
  void each(const sql::LockTable& value) { each(value.tables); }
  void each(const sql::Reindex& value) {
    inside("keyword", value.keyword_range, statement_);
    each(value.name);
  }
  void each(const sql::Vacuum& value) { each(value.tables); }
  void each(const sql::Cluster& value) { each(value.table); }
  void each(const sql::Copy& value) { each(value.table); }
  void each(const sql::Comment& value) { each(value.name); }
  void each(const sql::SetVariable& value) { inside("keyword", value.keyword_range, statement_); }
  void each(const sql::Privileges& value) { each(value.objects); }
  void each(const sql::Transaction&) {}
  void each(const sql::Other& value) { each(value.names); }

  const Source& source_;
  ByteRange statement_;
  std::vector<std::string> problems_;
};

}  // namespace migrate::test
