// A database's schema as SQL, and SQL into a database: pg_dump and psql.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

// pg_dump, psql and the way to one database.
struct Client {
  std::filesystem::path programs;
  std::vector<std::pair<std::string, std::string>> environment;
};

struct DumpOptions {
  bool owners = true;    // and privileges
  std::string snapshot;  // of pg_export_snapshot(); empty: the present
};

// Errors: `copy-failed` (exit code 3), with what pg_dump said.
Result<std::string> dump_schema(const Context& context, const Client& client, const DumpOptions& options);
// The rows of one table, without its definition.
Result<std::string> dump_rows(const Context& context, const Client& client, const DumpOptions& options,
                              const std::string& schema, const std::string& table);
// In one transaction. Errors: `copy-failed`.
Result<void> load(const Context& context, const Client& client, const std::string& sql);

// Without what differs between two dumps of the same schema, and without passwords.
std::string comparable(std::string_view dump);
// The same lines in another order.
bool is_reordered(std::string_view before, std::string_view after);

}  // namespace migrate::ops
