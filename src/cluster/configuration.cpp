#include "cluster/configuration.hpp"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace migrate::cluster {
namespace {

// Checked on 14 to 18.
constexpr std::string_view settings_of_every_cluster = R"(
# One unix socket in a private folder is the only way in.
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700

# Small, so that many fit on a machine. A revision that touches thousands of tables needs their locks.
max_connections = 64
max_locks_per_transaction = 1024
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
huge_pages = off
min_wal_size = 32MB
max_wal_size = 256MB
jit = off

# As production has it, so that publications and replication slots can be tried.
wal_level = logical

# The same everywhere.
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, MDY'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.english'
log_line_prefix = '%m [%p] %q%u@%d '
cluster_name = 'migrate'
)";

constexpr std::string_view settings_of_throw_away_data = R"(
# Throw-away data: fast, and lost if the machine dies. A killed server loses nothing, so commits stay synchronous.
fsync = off
full_page_writes = off
wal_init_zero = off
checkpoint_timeout = 30min
)";

/// A value in a configuration file: backslashes work as in C there.
std::string quote(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += c;
    if (c == '\n')
      quoted += "\\n";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace

std::string render_postgresql_conf(const Place& place, const ClusterOptions& options) {
  std::string text =
      "# Written by migrate each time it starts the server. To keep a setting of your own: ALTER SYSTEM.\n";
  text += settings_of_every_cluster;
  // The setting is a list; in double quotes, a folder with blanks is one item of it.
  fmt::format_to(std::back_inserter(text), "unix_socket_directories = {}\n",
                 quote('"' + place.socket_directory.string() + '"'));
  if (!options.durable) text += settings_of_throw_away_data;
  if (!options.server_settings.empty()) text += "\n# Asked for.\n";
  for (const auto& [name, value] : options.server_settings)
    fmt::format_to(std::back_inserter(text), "{} = {}\n", name, quote(value));
  return text;
}

std::string render_pg_hba_conf() {
  return "# Whoever can reach the socket, in its private folder, is the owner of the data or root.\n"
         "local all all trust\n"
         "local replication all trust\n";
}

}  // namespace migrate::cluster
