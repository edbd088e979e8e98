#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

bool adds_key(const sql::AlterTable& alter) {
  return std::any_of(alter.commands.begin(), alter.commands.end(), [](const sql::AlterCommand& command) {
    if (command.constraint) return command.constraint->kind == sql::ConstraintKind::primary_key;
    return command.column && command.column->find(sql::ConstraintKind::primary_key);
  });
}

bool attaches(const Site& site, const sql::AlterTable& alter, const sql::QualifiedName& table) {
  return std::any_of(alter.commands.begin(), alter.commands.end(), [&](const sql::AlterCommand& command) {
    return command.kind == sql::AlterKind::attach_partition && is_same(site, command.other, table);
  });
}

// By a later statement of the revision, which may have renamed it; or it is gone, or a partition, at the end.
bool is_settled_later(const Site& site, sql::QualifiedName table) {
  for (std::size_t i = site.index + 1; i < site.revision.statements.size(); ++i) {
    if (const auto* rename = site.action<sql::Rename>(i);
        rename && rename->object == sql::ObjectKind::table && is_same(site, rename->relation, table)) {
      table = {site.schema.resolve(table).schema, rename->new_name, {}};
    }
    if (const auto* alter = site.action<sql::AlterTable>(i)) {
      if ((is_same(site, alter->name, table) && adds_key(*alter)) || attaches(site, *alter, table)) return true;
    }
    if (const auto* drop = site.action<sql::Drop>(i)) {
      for (const auto& name : drop->names) {
        if (is_same(site, name, table)) return true;
      }
    }
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  const auto* create = site.action<sql::CreateTable>();
  if (!create || create->temporary || create->foreign || create->as_query || create->partition_of ||
      !create->inherits.empty())
    return;
  const bool copies_key = std::any_of(create->likes.begin(), create->likes.end(),
                                      [](const sql::LikeClause& like) { return like.including_indexes; });
  // OF type gives no columns of its own.
  const bool bare = create->columns.empty() && create->constraints.empty() && create->likes.empty();
  const bool exists = create->if_not_exists && site.relation(create->name);
  if (copies_key || bare || exists || !primary_key_of(*create).empty() || is_settled_later(site, create->name)) return;
  auto finding = site.finding(create->name.range, fmt::format("`{}` has no primary key", to_text(create->name)));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note("logical replication refuses its UPDATEs and DELETEs, and nobody can name one of its rows")
          .help(
              "give it one: id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, or the columns that tell its rows "
              "apart");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule missing_primary_key{
    .id = "missing-primary-key",
    .category = Category::design,
    .level = Level::warning,
    .summary = "a table without a primary key",
    .check_statement = check,
    .strict = Level::error,
};

}  // namespace migrate::rules
