#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// Keywords that tables and columns may be called without quotes, though the server writes them with quotes.
// Source: COL_NAME_KEYWORD of kwlist.h.
constexpr std::array<std::string_view, 52> harmless{
    "between", "bigint",        "bit",          "boolean",    "char",      "character", "coalesce",      "dec",
    "decimal", "exists",        "extract",      "float",      "greatest",  "grouping",  "inout",         "int",
    "integer", "interval",      "json",         "least",      "national",  "nchar",     "none",          "normalize",
    "nullif",  "numeric",       "out",          "overlay",    "position",  "precision", "real",          "row",
    "setof",   "smallint",      "substring",    "time",       "timestamp", "treat",     "trim",          "values",
    "varchar", "xmlattributes", "xmlconcat",    "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse",
    "xmlpi",   "xmlroot",       "xmlserialize", "xmltable"};

// Of names in snake case only keywords are ever written with quotes.
bool needs_quotes(const std::string& name) {
  const bool keyword = is_snake_case(name) && name_in_sql(name) != name;
  return keyword && std::find(harmless.begin(), harmless.end(), name) == harmless.end();
}

void check(const Site& site, Findings& findings) {
  for (const auto& name : new_names(site)) {
    if (!needs_quotes(name.name)) continue;
    auto finding = site.finding(name.range.empty() ? name.definition : name.range,
                                fmt::format("`{}` is a reserved word", name.name), "needs quotes wherever it is used");
    const std::string plural = plural_of(name.name);
    const bool plural_is_free = name.kind == NameKind::table && name_in_sql(plural) == plural;
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(plural_is_free ? fmt::format("call it `{}`", plural) : "find a name that is no word of SQL");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule reserved_identifier{
    .id = "reserved-identifier",
    .category = Category::naming,
    .level = Level::warning,
    .summary = "a name that is a reserved word, and needs quotes wherever it is used",
    .check_statement = check,
};

}  // namespace migrate::rules
