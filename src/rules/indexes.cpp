// Indexes that are of little use, or too strict.
#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::vector<std::string> keys_of(const sql::CreateIndex& index) {
  std::vector<std::string> keys;
  for (const auto& element : index.elements) keys.push_back(element.column);
  return keys;
}

// Nothing about it but its columns and its predicate.
bool is_plain(const sql::CreateIndex& index) {
  return std::all_of(index.elements.begin(), index.elements.end(), [](const sql::IndexElement& element) {
    return !element.column.empty() && element.operator_class.empty() && element.collation.empty() &&
           !element.descending && !element.nulls_written;
  });
}

bool goes_away(const Site& site, const std::string& index) {
  for (std::size_t i = 0; i < site.revision.statements.size(); ++i) {
    const auto* drop = site.action<sql::Drop>(i);
    if (!drop || drop->object != sql::ObjectKind::index) continue;
    if (std::any_of(drop->names.begin(), drop->names.end(), [&](const auto& name) { return name.name == index; }))
      return true;
  }
  return false;
}

bool is_same_predicate(const sql::CreateIndex& made, const catalog::Index& other) {
  return made.where ? other.partial && other.predicate == made.where->text : !other.partial;
}

void check_duplicate(const Site& site, Findings& findings) {
  const auto* made = site.action<sql::CreateIndex>();
  const auto* table = made ? site.relation(made->table) : nullptr;
  if (!table || !is_plain(*made) || !made->include.empty()) return;
  const auto keys = keys_of(*made);
  for (const auto& other : table->indexes) {
    if (other.name == made->name || !other.valid || other.has_expression || other.descending ||
        other.method != made->method)
      continue;
    // A unique index beside one that isn't has something to say.
    if ((made->unique && !other.unique) || !is_same_predicate(*made, other) || other.columns.size() < keys.size())
      continue;
    if (!std::equal(keys.begin(), keys.end(), other.columns.begin()) || goes_away(site, other.name)) continue;
    const bool longer = other.columns.size() > keys.size();
    if (longer && (made->unique || made->method != "btree")) continue;
    auto finding = site.finding(made->name_range.empty() ? whole(site) : made->name_range,
                                fmt::format("index `{}` of `{}` {} {} already", other.name, to_text(made->table),
                                            longer ? "begins with" : "has", join(keys)));
    // A short index may be worth its writes beside a long one.
    if (longer) finding.at_most = Level::note;
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(longer || other.unique
                      ? "leave this one out"
                      : fmt::format("leave this one out, or drop the other: DROP INDEX {}", name_in_sql(other.name)));
    findings.push_back(std::move(finding));
    return;
  }
}

void check_wide(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || index->unique || index->method != "btree" || index->elements.size() <= site.options.wide_index_columns)
    return;
  auto finding = site.finding(index->name_range.empty() ? whole(site) : index->name_range,
                              fmt::format("an index over {} columns", index->elements.size()));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note("the columns after the first range condition do not narrow the search, and each makes the index larger")
          .help("keep the columns that queries compare with =, and put what is only read into INCLUDE");
  findings.push_back(std::move(finding));
}

void check_hash(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || index->method != "hash") return;
  findings.push_back(
      site.finding(index->name_range.empty() ? whole(site) : index->name_range, "a hash index knows nothing but ="));
  findings.back().diagnostic = std::move(findings.back().diagnostic)
                                   .help("a btree index does the same and more; hash pays for very long values only");
}

bool has_column(const Site& site, const NewConstraint& unique, const std::string& column) {
  if (unique.create) return column_named(*unique.create, column) != nullptr;
  return column_of(site, *unique.table, column) != nullptr;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// With the key in it, it is there to be pointed at.
bool has_key(const std::vector<std::string>& columns, const std::vector<std::string>& key) {
  return std::any_of(key.begin(), key.end(), [&](const std::string& one) { return has(columns, one); });
}

void add_soft_delete(const Site& site, ByteRange range, const sql::QualifiedName& table, Findings& findings) {
  const std::string& column = site.options.soft_delete_column;
  auto finding = site.finding(range, fmt::format("a deleted row of `{}` still takes its value", to_text(table)));
  finding.diagnostic =
      std::move(finding.diagnostic).help(fmt::format("CREATE UNIQUE INDEX ... WHERE {} IS NULL", name_in_sql(column)));
  findings.push_back(std::move(finding));
}

void check_soft_delete(const Site& site, Findings& findings) {
  const std::string& column = site.options.soft_delete_column;
  if (column.empty()) return;
  const auto* index = site.action<sql::CreateIndex>();
  if (index && index->unique && column_of(site, index->table, column)) {
    const bool knows = has(keys_of(*index), column) || (index->where && has(index->where->columns, column));
    if (!knows && !has_key(keys_of(*index), site.relation(index->table)->primary_key()))
      add_soft_delete(site, index->name_range.empty() ? whole(site) : index->name_range, index->table, findings);
  }
  for (const auto& unique : new_constraints(site, sql::ConstraintKind::unique)) {
    const auto& constraint = *unique.constraint;
    if (!constraint.using_index.empty() || has(constraint.columns, column) || !has_column(site, unique, column))
      continue;
    const auto* known = site.relation(*unique.table);
    const auto key = unique.create ? primary_key_of(*unique.create)
                     : known       ? known->primary_key()
                                   : std::vector<std::string>();
    if (!has_key(constraint.columns, key)) add_soft_delete(site, constraint.range, *unique.table, findings);
  }
}

void check_existing(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || !index->unique || !site.may_hold_rows(index->table)) return;
  const auto* table = site.relation(index->table);
  // With a new column in it, all there is to compare is the default.
  for (const auto& key : keys_of(*index)) {
    const auto* column = table && !key.empty() ? table->column(key) : nullptr;
    if (column && column->origin == catalog::Origin::this_revision) return;
  }
  auto finding = site.finding(index->name_range.empty() ? whole(site) : index->name_range,
                              fmt::format("fails if `{}` has two rows of one value", to_text(index->table)));
  finding.diagnostic = std::move(finding.diagnostic)
                           .note(site.why_rows(index->table))
                           .help("look first: SELECT ..., count(*) FROM ... GROUP BY ... HAVING count(*) > 1");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule duplicate_index{.id = "duplicate-index",
                           .category = Category::design,
                           .level = Level::warning,
                           .summary = "an index whose columns another index has already",
                           .check_statement = check_duplicate};
const Rule hash_index{.id = "hash-index",
                      .category = Category::design,
                      .level = Level::off,
                      .summary = "an index of method hash",
                      .check_statement = check_hash,
                      .strict = Level::note};
const Rule unique_ignores_soft_delete{.id = "unique-ignores-soft-delete",
                                      .category = Category::design,
                                      .level = Level::off,
                                      .summary = "a unique index or constraint that deleted rows take part in",
                                      .check_statement = check_soft_delete,
                                      .strict = Level::warning};
const Rule unique_over_existing_rows{.id = "unique-over-existing-rows",
                                     .category = Category::compatibility,
                                     .level = Level::off,
                                     .summary = "a unique index over rows that nobody has looked at for duplicates",
                                     .check_statement = check_existing,
                                     .strict = Level::note};
const Rule wide_index{.id = "wide-index",
                      .category = Category::design,
                      .level = Level::note,
                      .summary = "an index over more columns than queries use",
                      .check_statement = check_wide};

}  // namespace migrate::rules
