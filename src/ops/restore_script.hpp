// What psql is told before and behind the content of a backup.
#pragma once

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

// What psql writes to its standard output where the script ends itself.
inline constexpr std::string_view said_locked = "migrate: locked";
inline constexpr std::string_view said_project = "migrate: project ";  // the other project's name follows

}  // namespace migrate::ops
