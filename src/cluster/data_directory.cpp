#include "cluster/data_directory.hpp"

#include <cerrno>

#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/system_error.hpp>
#include <migrate/base/text.hpp>

#include "cluster/as_user.hpp"
#include "cluster/configuration.hpp"
#include "cluster/template.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

Unexpected<Failure> not_written(const fs::path& path, int code) {
  return fail(error("cluster-failed", fmt::format("cannot write `{}`: {}", path.string(), reason_of(code)))
                  .help("make room on the disk and check the permissions, then run the command again"),
              ExitCode::unreachable);
}

}  // namespace

bool has_complete_data(const Place& place) {
  std::error_code ignored;
  return fs::exists(place.data() / "PG_VERSION", ignored) &&
         fs::exists(place.data() / "global" / "pg_control", ignored);
}

std::string data_version(const Place& place) {
  const auto text = read_file(place.data() / "PG_VERSION");
  return text ? std::string(trim(*text)) : std::string();
}

Result<void> make_data(const Place& place, const ClusterOptions& options, const FileLock& lock) {
  MIGRATE_TRY(remove_trees({place.new_data(), place.data()}, place.user));
  MIGRATE_TRY_ASSIGN(const auto cache, prepare_cache(options.cache_directory, place));
  MIGRATE_TRY(copy_template(cache, options.binaries, place.user, place.new_data(), lock));
  const auto hba = place.new_data() / "pg_hba.conf";
  if (const int code = write_file_as(place.user, hba, render_pg_hba_conf()); code != 0) return not_written(hba, code);
  // The name `data` is given to what is complete.
  const auto from = place.new_data();
  const auto to = place.data();
  const int code =
      as_user(place.user, [from = from.c_str(), to = to.c_str()] { return ::rename(from, to) == 0 ? 0 : errno; });
  if (code != 0) return not_written(to, code);
  return {};
}

Result<void> configure(const Place& place, const ClusterOptions& options) {
  const auto path = place.data() / "postgresql.conf";
  if (const int code = write_file_as(place.user, path, render_postgresql_conf(place, options)); code != 0)
    return not_written(path, code);
  return {};
}

}  // namespace migrate::cluster
