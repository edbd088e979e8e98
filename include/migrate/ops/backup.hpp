/// \file
/// Backups: made before a risky run, and brought back by `migrate restore`.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include <migrate/base/result.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/migration.hpp>

namespace migrate::ops {

struct Backup {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  std::chrono::milliseconds duration{0};
};

/// pg_dump in its custom format, into `[safety] backup_directory`, readable by the user alone; listed by pg_restore
/// before it counts, and named in the journal. Errors (exit code 3, nothing was changed): `no-client-programs`,
/// `backup-failed`.
Result<Backup> make_backup(const Context& context, Connection& connection);

struct RestoreOutcome {
  db::DatabaseInfo database;
  std::filesystem::path file;
  std::chrono::milliseconds duration{0};
};

/// Makes the database what it was in the backup, in one transaction: everything in it is dropped, and the backup's content
/// is made. It asks for the database's name where that is protected. Errors: `not-a-backup` (exit code 2),
/// `no-client-programs`, `restore-failed` (exit code 4: rolled back).
Result<RestoreOutcome> restore(const Context& context, const std::filesystem::path& file, const RunOptions& options);

}  // namespace migrate::ops
