// What psql is told before and behind the content of a backup.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <migrate/db/journal.hpp>

namespace migrate::ops {

struct RestoreScript {
  std::string before;  // takes the migration lock, drops everything
  std::string after;   // checks whose journal came with the backup, writes into it, commits
};

// In one transaction, which takes the migration lock by itself: it is held as long as the server is at work, whatever
// becomes of us. Where the input ends early there is no COMMIT. `note`: the message of the log's row.
// `server_version`: as 150018.
RestoreScript restore_script(const db::Journal& journal, int server_version, const std::string& project,
                             const std::string& note);

// psql's name at the server begins with it.
inline constexpr std::string_view restore_application = "migrate restore ";

// Lines that psql writes to its standard output.
inline constexpr std::string_view said_transaction = "migrate: transaction ";  // its number follows
inline constexpr std::string_view said_locked = "migrate: locked";             // by another session: it ended there
inline constexpr std::string_view said_project = "migrate: project ";  // whose backup it is follows: it ended there

// The filter of what `pg_restore --single-transaction` writes: without the COMMIT at its end, and not otherwise. Its
// BEGIN does no harm in an open transaction; without the option it would commit at large objects.
class WithoutCommit {
 public:
  std::optional<std::string> operator()(std::string_view piece);

 private:
  std::string held_;
};

}  // namespace migrate::ops
