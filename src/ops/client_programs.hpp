// pg_dump, pg_restore and psql of a version that fits the server.
#pragma once

#include <filesystem>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

// A folder that has pg_dump, pg_restore and psql of the server's major version or the next newer one: MIGRATE_PG_BIN,
// PATH, the usual folders of distributions. Errors: `no-client-programs` (exit code 3).
Result<std::filesystem::path> find_client_programs(const Context& context, int server_major);

}  // namespace migrate::ops
