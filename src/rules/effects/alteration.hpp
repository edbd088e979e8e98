// One ALTER TABLE at work: each of its commands adds the rows that it is.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {

class Alteration {
 public:
  Alteration(Gathering& to, const sql::AlterTable& alter)
      : to_(to), alter_(alter), relation_(to.find(alter.name)), kind_(relation_ ? relation_->kind : alter.object) {
    if (to.schema.find_index(alter.name).second) kind_ = sql::ObjectKind::index;
  }

  void run() {
    if (kind_ == sql::ObjectKind::type) return to_.touch(Shape::no_relation, Places{});
    for (const auto& command : alter_.commands) plan_any(command);
    // All commands run under the strongest lock that one of them needs.
    LockMode strongest = LockMode::none;
    for (const auto& [shape, places] : planned_) {
      const auto* row = to_.row(shape);
      if (row && row->touches.front().part == Part::target) strongest = std::max(strongest, row->touches.front().lock);
    }
    for (auto& [shape, places] : planned_) {
      places.at_least = strongest;
      to_.touch(shape, places);
    }
  }

 private:
  struct Planned {
    Shape shape;
    Places places;
  };

  Places here(bool certain = true) const {
    Places places;
    places.target = alter_.name;
    places.kind = kind_;
    places.only = alter_.only;
    places.certain = certain;
    return places;
  }
  void plan(Shape shape, bool certain = true) { planned_.push_back({shape, here(certain)}); }
  void plan(Shape shape, Names Places::*part, Names names, bool certain = true) {
    planned_.push_back({shape, here(certain)});
    planned_.back().places.*part = std::move(names);
  }

  // The column's or constraint's state is told by the schema, not guessed.
  [[nodiscard]] bool is_known() const { return relation_ && relation_->columns_known; }
  [[nodiscard]] const catalog::TableColumn* column(std::string_view name) const {
    return relation_ ? relation_->column(name) : nullptr;
  }
  [[nodiscard]] bool is_partitioned() const { return relation_ && relation_->partitioned; }

  void plan_any(const sql::AlterCommand& command) {
    switch (kind_) {
      case sql::ObjectKind::view: return plan(Shape::alter_view);
      case sql::ObjectKind::index: return plan_index(command);
      case sql::ObjectKind::sequence: return plan(Shape::alter_sequence_owner);
      case sql::ObjectKind::materialized_view: return plan_materialized_view(command);
      default: return plan_table(command);
    }
  }

  void plan_index(const sql::AlterCommand& command);
  void plan_attach_index(const sql::AlterCommand& command);
  void plan_materialized_view(const sql::AlterCommand& command);
  void plan_table(const sql::AlterCommand& command);
  void plan_column(const sql::AlterCommand& command);
  void plan_whole_table(const sql::AlterCommand& command);
  void plan_add_column(const sql::AlterCommand& command);
  void plan_kind_of_column(const sql::Column& column);
  void plan_constraints_of(const sql::Column& column, bool filled);
  void plan_drop_column(const sql::AlterCommand& command);
  void plan_set_not_null(const sql::AlterCommand& command);
  void plan_type(const sql::AlterCommand& command);
  void plan_free_type(const std::string& name, const sql::TypeRef& from, const sql::AlterCommand& command,
                      bool certain);
  void plan_keys_of_type(const std::string& name, Shape shape, bool certain);
  void plan_add_constraint(const sql::Constraint& constraint);
  void plan_use_index(const sql::Constraint& constraint);
  void plan_validate(const sql::AlterCommand& command);
  void plan_drop_constraint(const sql::AlterCommand& command);
  void plan_attach(const sql::AlterCommand& command);
  void plan_detach(const sql::AlterCommand& command);
  void plan_keys(Shape shape);

  Gathering& to_;
  const sql::AlterTable& alter_;
  const catalog::Relation* relation_;
  sql::ObjectKind kind_;
  std::vector<Planned> planned_;
};

}  // namespace migrate::rules
