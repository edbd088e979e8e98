// The rules about names, one for each kind of thing: the convention is the project's, the rules ask it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/sql/identifier.hpp>

#include "rules/naming/new_names.hpp"
#include "rules/naming/rename.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::string_view noun_of(NameKind kind) {
  switch (kind) {
    case NameKind::primary_key: return "primary key";
    case NameKind::unique: return "unique constraint";
    case NameKind::unique_index: return "unique index";
    case NameKind::check: return "check constraint";
    case NameKind::foreign_key: return "foreign key";
    case NameKind::exclusion: return "exclusion constraint";
    case NameKind::materialized_view: return "materialized view";
    default: return to_text(kind);
  }
}

std::string templates_text(const std::vector<NameTemplate>& templates) {
  std::string text;
  for (std::size_t i = 0; i < templates.size(); ++i) {
    text += i == 0 ? "" : i + 1 == templates.size() ? " or " : ", ";
    text += fmt::format("`{}`", templates[i].text());
  }
  return text;
}

bool drop_prefix(std::string& name, std::string_view prefix) {
  if (prefix.empty() || name.size() <= prefix.size() + 1 || name.compare(0, prefix.size(), prefix) != 0 ||
      name[prefix.size()] != '_') {
    return false;
  }
  name.erase(0, prefix.size() + 1);
  return true;
}

void drop_suffix(std::string& name, std::string_view suffix) {
  if (name.size() > suffix.size() + 1 && name.ends_with(suffix) && name[name.size() - suffix.size() - 1] == '_') {
    name.resize(name.size() - suffix.size() - 1);
  }
}

// What a name says beside its kind and its table.
std::string description_of(const NewName& name) {
  constexpr std::array<std::string_view, 13> marks{"ix",  "idx",   "index", "uq", "ux",   "fk", "ck",
                                                   "chk", "check", "pk",    "ex", "excl", "trg"};
  constexpr std::array<std::string_view, 12> ends{"idx", "index", "key",  "uniq", "unique",     "fkey",
                                                  "fk",  "check", "pkey", "excl", "constraint", "trigger"};
  std::string words = snake_case_of(name.name);
  for (const auto mark : marks) {
    if (drop_prefix(words, mark)) break;
  }
  if (!drop_prefix(words, name.parts.table)) drop_prefix(words, singular_of(name.parts.table));
  for (const auto end : ends) drop_suffix(words, end);
  return words;
}

// Of a table "UserAccounts" an index is called idx_user_accounts_...: both conventions are kept then.
NameParts in_snake_case(NameParts parts) {
  for (auto* text : {&parts.table, &parts.column, &parts.referenced_table}) *text = snake_case_of(*text);
  for (auto* list : {&parts.columns, &parts.referenced_columns}) {
    std::transform(list->begin(), list->end(), list->begin(),
                   [](const std::string& text) { return snake_case_of(text); });
  }
  return parts;
}

bool accepts(const Naming& naming, const NewName& name) {
  const auto fits = [&](NameKind kind) {
    return naming.accepts(kind, name.name, name.parts) || naming.accepts(kind, name.name, name.otherwise) ||
           (naming.snake_case && naming.accepts(kind, name.name, in_snake_case(name.parts)));
  };
  // It may become the primary key's by USING INDEX in a revision of its own.
  const bool may_become_key = name.kind == NameKind::unique_index && naming.templates_of(NameKind::primary_key);
  return fits(name.kind) || (may_become_key && fits(NameKind::primary_key));
}

std::string suggestion(const Naming& naming, const NewName& name) {
  const NameParts parts = naming.snake_case ? in_snake_case(name.parts) : name.parts;
  std::string better = naming.suggest(name.kind, parts, description_of(name));
  return better.empty() ? snake_case_of(name.name) : better;
}

void judge(const Site& site, const NewName& name, Findings& findings) {
  const Naming& naming = site.options.naming;
  // Too long is another rule's; what the server stores of it is nobody's wish.
  const bool cut = !name.range.empty() && sql::identifier_text(site.text(name.range)).size() > 63;
  if (name.name.empty() || cut || naming.is_exception(name.kind, name.name)) return;
  const bool wrong_form = !accepts(naming, name);
  // What the server would have called it, after a table whose name is complained of already.
  const bool servers_own = !wrong_form && name.name == generated_name(name.kind, name.parts);
  const bool wrong_case = naming.snake_case && !is_snake_case(name.name) && !servers_own;
  if (!wrong_case && !wrong_form) return;
  const std::string better = suggestion(naming, name);
  const auto* templates = naming.templates_of(name.kind);
  const std::string wish = wrong_form ? fmt::format("named like {}", templates_text(*templates)) : "in snake_case";
  auto finding = site.finding(name.range.empty() ? name.definition : name.range,
                              fmt::format("{} `{}` is not {}", noun_of(name.kind), name.name, wish));
  finding.fix = rename_edits(site, name, better);
  finding.renames = {name.name, better};
  finding.fix_message = fmt::format("call it `{}`", better);
  if (finding.fix.empty()) finding.diagnostic = std::move(finding.diagnostic).help(finding.fix_message);
  findings.push_back(std::move(finding));
}

template <NameKind... kinds>
void check(const Site& site, Findings& findings) {
  for (const auto& name : new_names(site, {kinds...})) {
    if (((name.kind == kinds) || ...)) judge(site, name, findings);
  }
}

constexpr Rule name_rule(std::string_view id, std::string_view summary, void (*check)(const Site&, Findings&)) {
  return {.id = id, .category = Category::naming, .level = Level::error, .summary = summary, .check_statement = check};
}

}  // namespace

const Rule check_name =
    name_rule("check-name", "a check constraint's name is not the convention's", check<NameKind::check>);
const Rule column_name = name_rule("column-name", "a column's name is not the convention's", check<NameKind::column>);
const Rule exclusion_name =
    name_rule("exclusion-name", "an exclusion constraint's name is not the convention's", check<NameKind::exclusion>);
const Rule foreign_key_name =
    name_rule("foreign-key-name", "a foreign key's name is not the convention's", check<NameKind::foreign_key>);
const Rule function_name =
    name_rule("function-name", "a function's name is not the convention's", check<NameKind::function>);
const Rule index_name = name_rule("index-name", "an index's name is not the convention's", check<NameKind::index>);
const Rule primary_key_name =
    name_rule("primary-key-name", "a primary key's name is not the convention's", check<NameKind::primary_key>);
const Rule schema_name = name_rule("schema-name", "a schema's name is not the convention's", check<NameKind::schema>);
const Rule sequence_name =
    name_rule("sequence-name", "a sequence's name is not the convention's", check<NameKind::sequence>);
const Rule table_name = name_rule("table-name", "a table's name is not the convention's", check<NameKind::table>);
const Rule trigger_name =
    name_rule("trigger-name", "a trigger's name is not the convention's", check<NameKind::trigger>);
const Rule type_name = name_rule("type-name", "a type's or domain's name is not the convention's",
                                 check<NameKind::type, NameKind::domain>);
const Rule unique_name = name_rule("unique-name", "a unique constraint's or index's name is not the convention's",
                                   check<NameKind::unique, NameKind::unique_index>);
const Rule view_name =
    name_rule("view-name", "a view's name is not the convention's", check<NameKind::view, NameKind::materialized_view>);

}  // namespace migrate::rules
