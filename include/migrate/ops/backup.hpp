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
/// `backup-failed`; `interrupted` (130).
Result<Backup> make_backup(const Context& context, Connection& connection);

struct RestoreOutcome {
  db::DatabaseInfo database;
  std::filesystem::path file;
  std::chrono::milliseconds duration{0};
};

/// Makes the database what it was in the backup, in one transaction, which also holds the migration lock: everything in
/// it is dropped, and the backup's content is made. Where this process ends, the transaction is rolled back. It asks
/// for the database's name where that is protected. Errors: `not-a-backup`, `wrong-project` (of the database or the
/// backup; exit code 2), `no-client-programs`, `restore-failed` (4: rolled back), `interrupted` (130: rolled back),
/// `restore-unsettled` (5: nobody answers).
Result<RestoreOutcome> restore(const Context& context, const std::filesystem::path& file, const RunOptions& options);

}  // namespace migrate::ops
