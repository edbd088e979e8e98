// golang-migrate: NNNN_name.up.sql and NNNN_name.down.sql, one after the other by number.
#pragma once

#include "ops/import/format.hpp"

namespace migrate::ops::foreign {

bool is_golang_migrate_file(std::string_view file_name);

// A linear history whose ids are the versions as written. Line ends become LF; transaction control is removed (a
// revision is one transaction) and told in a notice; a migration without a downgrade becomes irreversible.
// Errors, all there are: `duplicate-version`, `not-utf8`, those of sql::split_statements.
Result<ConvertedHistory> convert_golang_migrate(std::span<const ForeignFile> files);

inline constexpr Format golang_migrate{"golang-migrate", "NNNN_name.up.sql and NNNN_name.down.sql",
                                       is_golang_migrate_file, convert_golang_migrate};

}  // namespace migrate::ops::foreign
