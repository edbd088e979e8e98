// What many rules ask of a statement.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/rules/rule.hpp>

namespace migrate::rules {

// The commands of an ALTER TABLE of a table: visit(const sql::AlterTable&, const sql::AlterCommand&).
template <class Visit>
void each_command(const Site& site, Visit visit) {
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter || alter->object != sql::ObjectKind::table) return;
  for (const auto& command : alter->commands) visit(*alter, command);
}

template <class Visit>
void each_command(const Site& site, sql::AlterKind kind, Visit visit) {
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (command.kind == kind) visit(alter, command);
  });
}

// A constraint that is added to a table that exists: by ADD CONSTRAINT, or with a column.
struct AddedConstraint {
  const sql::QualifiedName& table;
  const sql::AlterCommand& command;
  const sql::Constraint& constraint;
  bool with_column;
};
std::vector<AddedConstraint> added_constraints(const Site& site, sql::ConstraintKind kind);

// What is the same inside and outside a transaction, and of no harm when the next statement fails: settings of the
// session, comments.
bool needs_no_transaction(const JudgedStatement& judged);

// Whether the statement may be written with CONCURRENTLY where it stands: the other statements lose nothing by the
// transaction that the revision then no longer is.
bool may_leave_transaction(const Site& site);
// Help where it may not. `act`: "build it".
std::string in_revision_of_its_own(std::string_view act);

// Its safe form: added as NOT VALID, and validated in a revision of its own. `name`: the constraint's.
std::vector<RevisionDraft> add_then_validate(const Site& site, const AddedConstraint& added, const std::string& name);

// A finding about what `table`'s others have to wait for: why it may hold rows is noted, a small table softens it.
Finding finding_about(const Site& site, const sql::QualifiedName& table, ByteRange range, std::string message,
                      std::string label = {});

// The ones who use it break, but there is nothing in it: a warning.
void soften_if_empty(const Site& site, Finding& finding, const sql::QualifiedName& table);

// The statement without white space at its ends, from its first word.
ByteRange whole(const Site& site);
// The keyword tokens from the range's first to before the `count`th next.
ByteRange words(const Site& site, std::size_t count);

// Is the column's type one that the schema knows as an ordinary, unconstrained one?
const catalog::TableColumn* column_of(const Site& site, const sql::QualifiedName& table, std::string_view column);

// "a, b"
std::string join(const std::vector<std::string>& names);
std::string name_in_sql(std::string_view identifier);

// Under `-- migrate:batch`: in transactions of its own.
bool runs_in_batches(const JudgedStatement& judged);

// Another statement of the same revision, and transaction, before this one.
bool follows_in_transaction(const Site& site, std::size_t earlier);

// A statement that takes ACCESS EXCLUSIVE on a table that others use, shortly; none: it takes none.
std::optional<sql::QualifiedName> exclusively_locked(const Site& site, std::size_t statement);

}  // namespace migrate::rules
