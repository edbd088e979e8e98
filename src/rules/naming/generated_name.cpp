#include <migrate/rules/naming.hpp>

#include <migrate/catalog/generated_names.hpp>

namespace migrate::rules {

std::string generated_name(NameKind kind, const NameParts& parts) {
  const std::string columns = catalog::joined_columns(parts.columns);
  switch (kind) {
    case NameKind::primary_key: return catalog::object_name(parts.table, "", "pkey");
    case NameKind::unique: return catalog::object_name(parts.table, columns, "key");
    case NameKind::index:
    case NameKind::unique_index: return catalog::object_name(parts.table, columns, "idx");
    case NameKind::exclusion: return catalog::object_name(parts.table, columns, "excl");
    case NameKind::foreign_key: return catalog::object_name(parts.table, columns, "fkey");
    // A check of several columns is the table's.
    case NameKind::check: return catalog::object_name(parts.table, parts.columns.size() == 1 ? columns : "", "check");
    case NameKind::sequence: return catalog::object_name(parts.table, parts.column, "seq");
    default: return {};
  }
}

}  // namespace migrate::rules
