#include <algorithm>
#include <array>
#include <utility>

#include <migrate/rules/naming.hpp>

namespace migrate::rules {
namespace {

struct KindRow {
  NameKind kind;
  std::string_view text;
};

constexpr std::array kinds{
    KindRow{NameKind::table, "table"},
    KindRow{NameKind::column, "column"},
    KindRow{NameKind::primary_key, "primary_key"},
    KindRow{NameKind::index, "index"},
    KindRow{NameKind::unique, "unique"},
    KindRow{NameKind::unique_index, "unique_index"},
    KindRow{NameKind::check, "check"},
    KindRow{NameKind::foreign_key, "foreign_key"},
    KindRow{NameKind::exclusion, "exclusion"},
    KindRow{NameKind::sequence, "sequence"},
    KindRow{NameKind::trigger, "trigger"},
    KindRow{NameKind::type, "type"},
    KindRow{NameKind::view, "view"},
    KindRow{NameKind::materialized_view, "materialized_view"},
    KindRow{NameKind::function, "function"},
    KindRow{NameKind::schema, "schema"},
    KindRow{NameKind::domain, "domain"},
};

constexpr std::array<std::string_view, 6> preset_names{"prefixed",   "ix-short",         "idx-long",
                                                       "sqlalchemy", "postgres-default", "none"};

struct TemplateRow {
  NameKind kind;
  std::initializer_list<std::string_view> templates;
};

Naming with_templates(std::initializer_list<TemplateRow> rows) {
  Naming naming;
  for (const auto& row : rows) {
    for (const auto text : row.templates) naming.templates[row.kind].push_back(*NameTemplate::parse(text));
  }
  return naming;
}

Naming prefixed() {
  return with_templates({
      {NameKind::primary_key, {"pk_*", "{table}_pkey"}},
      {NameKind::index, {"ix_*", "idx_*"}},
      {NameKind::unique, {"uq_*"}},
      {NameKind::unique_index, {"uq_*", "ix_*", "idx_*"}},
      {NameKind::check, {"ck_*", "chk_*"}},
      {NameKind::foreign_key, {"fk_*"}},
      {NameKind::exclusion, {"ex_*", "excl_*"}},
  });
}

Naming ix_short() {
  auto naming = with_templates({
      {NameKind::primary_key, {"pk_*", "{table}_pkey"}},
      {NameKind::index, {"ix_*"}},
      {NameKind::unique, {"uq_*"}},
      {NameKind::check, {"chk_*"}},
      {NameKind::foreign_key, {"fk_*"}},
      {NameKind::exclusion, {"ex_*"}},
  });
  naming.unnamed = Unnamed::check_generated;
  naming.plural_tables = "plural";
  return naming;
}

Naming idx_long() {
  auto naming = with_templates({
      {NameKind::primary_key, {"pk_{table}", "{table}_pkey"}},
      {NameKind::index, {"idx_{table}_{columns}", "idx_{table}_{columns}_{desc}"}},
      {NameKind::unique, {"uq_{table}_{columns}", "uq_{table}_{columns}_{desc}"}},
      {NameKind::check, {"ck_{table}_{desc}"}},
      {NameKind::foreign_key, {"fk_{table}_{ref_table}", "fk_{table}_{columns}", "fk_{table}_{columns}_{ref_table}"}},
      {NameKind::exclusion, {"ex_{table}_{columns}", "ex_{table}_{desc}"}},
      {NameKind::sequence, {"seq_{table}_{column}", "{table}_{column}_seq"}},
      {NameKind::trigger, {"trg_{table}_{desc}"}},
  });
  naming.unnamed = Unnamed::check_generated;
  naming.plural_tables = "plural";
  return naming;
}

Naming sqlalchemy() {
  auto naming = with_templates({
      {NameKind::primary_key, {"pk_{table}"}},
      {NameKind::index, {"ix_{table}_{column_0}", "ix_{table}_{columns}", "ix_{column_0}"}},
      {NameKind::unique, {"uq_{table}_{column_0}", "uq_{table}_{columns}"}},
      {NameKind::unique_index, {"ix_{table}_{column_0}", "ix_{table}_{columns}", "uq_{table}_{columns}"}},
      {NameKind::check, {"ck_{table}_{desc}"}},
      {NameKind::foreign_key, {"fk_{table}_{column_0}_{ref_table}", "fk_{table}_{columns}_{ref_table}"}},
  });
  naming.unnamed = Unnamed::check_generated;
  return naming;
}

Naming postgres_default() {
  auto naming = with_templates({
      {NameKind::primary_key, {"{table}_pkey"}},
      {NameKind::index, {"{table}_{columns}_idx", "{table}_{desc}_idx"}},
      {NameKind::unique, {"{table}_{columns}_key"}},
      {NameKind::unique_index, {"{table}_{columns}_idx", "{table}_{desc}_idx", "{table}_{columns}_key"}},
      {NameKind::check, {"{table}_{desc}_check", "{table}_check"}},
      {NameKind::foreign_key, {"{table}_{columns}_fkey"}},
      {NameKind::exclusion, {"{table}_{columns}_excl", "{table}_{desc}_excl"}},
      {NameKind::sequence, {"{table}_{column}_seq"}},
  });
  naming.server_names = true;
  return naming;
}

Naming without_rules() {
  Naming naming;
  naming.snake_case = false;
  return naming;
}

// Whose templates count where a kind has none.
std::optional<NameKind> like(NameKind kind) {
  switch (kind) {
    case NameKind::unique_index: return NameKind::unique;
    case NameKind::materialized_view: return NameKind::view;
    case NameKind::domain: return NameKind::type;
    default: return std::nullopt;
  }
}

// Of a check what it says tells more than the columns that it reads.
std::string table_and_columns(NameKind kind, const NameParts& parts, std::string_view desc) {
  std::string words = snake_case_of(parts.table);
  const auto add = [&](std::string_view word) {
    words.append(words.empty() || word.empty() ? "" : "_").append(snake_case_of(word));
  };
  if (kind == NameKind::primary_key) return words.empty() ? std::string(desc) : words;
  if (kind == NameKind::check || parts.columns.empty()) {
    add(desc);
  } else {
    for (const auto& column : parts.columns) add(column);
  }
  return words;
}

}  // namespace

std::string_view to_text(NameKind kind) {
  const auto* row = std::find_if(kinds.begin(), kinds.end(), [kind](const KindRow& each) { return each.kind == kind; });
  return row == kinds.end() ? "" : row->text;
}

std::optional<NameKind> parse_name_kind(std::string_view text) {
  const auto* row = std::find_if(kinds.begin(), kinds.end(), [text](const KindRow& each) { return each.text == text; });
  return row == kinds.end() ? std::nullopt : std::optional(row->kind);
}

std::vector<std::string_view> naming_presets() { return {preset_names.begin(), preset_names.end()}; }

std::optional<Naming> naming_preset(std::string_view name) {
  if (name == "prefixed") return prefixed();
  if (name == "ix-short") return ix_short();
  if (name == "idx-long") return idx_long();
  if (name == "sqlalchemy") return sqlalchemy();
  if (name == "postgres-default") return postgres_default();
  if (name == "none") return without_rules();
  return std::nullopt;
}

const std::vector<NameTemplate>* Naming::templates_of(NameKind kind) const {
  auto found = templates.find(kind);
  const auto fallback = like(kind);
  if (found == templates.end() && fallback) found = templates.find(*fallback);
  return found == templates.end() || found->second.empty() ? nullptr : &found->second;
}

std::string Naming::suggest(NameKind kind, const NameParts& parts, std::string_view desc) const {
  const auto* known = templates_of(kind);
  if (!known) return {};
  const NameTemplate& first = known->front();
  return first.render(parts, first.has_tokens() ? std::string(desc) : table_and_columns(kind, parts, desc));
}

bool Naming::accepts(NameKind kind, std::string_view name, const NameParts& parts) const {
  const auto* known = templates_of(kind);
  if (!known || is_exception(kind, name)) return true;
  if (server_names && name == generated_name(kind, parts)) return true;
  return std::any_of(known->begin(), known->end(), [&](const NameTemplate& one) { return one.matches(name, parts); });
}

bool Naming::is_exception(NameKind kind, std::string_view name) const {
  const auto among = [&](NameKind one) {
    const auto found = exceptions.find(one);
    return found != exceptions.end() &&
           std::find(found->second.begin(), found->second.end(), name) != found->second.end();
  };
  const auto fallback = like(kind);
  return among(kind) || (fallback && among(*fallback));
}

}  // namespace migrate::rules
