#include "cluster/place.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fmt/format.h>

#include <migrate/base/digest.hpp>
#include <migrate/base/log.hpp>
#include <migrate/base/system_error.hpp>

#include "cluster/as_user.hpp"
#include "cluster/descriptor.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

// Root's own: it alone writes there, so that no one can take a name before us.
constexpr std::string_view state_of_root = "/var/lib/migrate";
constexpr std::string_view cache_of_root = "/var/cache/migrate";

Unexpected<Failure> unusable(const fs::path& path, int code, std::string help) {
  return fail(error("cluster-failed", fmt::format("cannot use the folder `{}`: {}", path.string(), reason_of(code)))
                  .help(std::move(help)),
              ExitCode::unreachable);
}

std::optional<struct stat> look_at(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
  return info;
}

bool is_folder(const fs::path& path) {
  const auto info = look_at(path);
  return info && S_ISDIR(info->st_mode);
}

bool has_control_character(const fs::path& path) {
  return std::ranges::any_of(path.native(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

fs::path absolute_folder(const fs::path& directory) {
  std::error_code ignored;
  auto folder = fs::weakly_canonical(fs::absolute(directory, ignored), ignored);
  if (folder.empty()) folder = fs::absolute(directory, ignored);
  return folder.has_filename() ? folder : folder.parent_path();
}

std::string short_hash(const fs::path& path) { return sha256_hex(path.native()).substr(0, 16); }

/// $NAME, or `fallback` below the home folder, as the XDG base directory specification has it.
std::optional<fs::path> user_folder(const char* variable, std::string_view fallback) {
  if (const char* value = std::getenv(variable); value != nullptr && value[0] == '/') return fs::path(value);
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') return fs::path(home) / fallback;
  return std::nullopt;
}

/// In the order in which they are tried.
std::vector<fs::path> places_elsewhere(const fs::path& folder, const ServerUser& user) {
  std::vector<fs::path> places;
  const auto name = short_hash(folder);
  if (user.drop)
    places.emplace_back(fs::path(state_of_root) / name);
  else if (const auto state = user_folder("XDG_STATE_HOME", ".local/state"))
    places.emplace_back(*state / "migrate" / name);
  places.emplace_back(fmt::format("/var/tmp/migrate-{}-{}", user.uid, name));
  return places;
}

bool fits_a_socket(const fs::path& directory) {
  // Commas separate folders, in the server's setting as in a conninfo; the other three would have to be quoted in both.
  return socket_in(directory).native().size() < sizeof(sockaddr_un::sun_path) &&
         directory.native().find_first_of(",\"'\\") == std::string::npos && !has_control_character(directory);
}

fs::path socket_directory_of(const fs::path& home, const ServerUser& user) {
  if (fits_a_socket(home / "run")) return home / "run";
  const auto name = short_hash(home);
  const char* runtime = user.drop ? nullptr : std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/' && fits_a_socket(fs::path(runtime) / ("migrate-" + name)) &&
      ::access(runtime, W_OK | X_OK) == 0)
    return fs::path(runtime) / ("migrate-" + name);
  return fmt::format("/tmp/migrate-{}-{}", user.uid, name);
}

bool make_root_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0755) == 0 && ::chmod(path.c_str(), 0755) != 0) return false;
  const auto info = look_at(path);
  return info && S_ISDIR(info->st_mode) && info->st_uid == 0 && (info->st_mode & 022U) == 0;
}

/// Hands a folder that belongs to root to the server's user. Never through a symbolic link.
bool give_to(const ServerUser& user, const fs::path& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info {};
  if (!folder.is_open() || ::fstat(folder.get(), &info) != 0) return false;
  if (info.st_uid == user.uid) return true;
  return info.st_uid == 0 && ::fchown(folder.get(), user.uid, user.gid) == 0;
}

/// A private folder of the server's user. Returns an errno.
int make_home(const fs::path& path, const ServerUser& user) {
  if (user.drop && (path.parent_path() == state_of_root || path.parent_path() == cache_of_root)) {
    if (!make_root_folder(path.parent_path())) return EPERM;
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return errno;
    if (!give_to(user, path)) return EPERM;
  } else if (!user.drop) {
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
  }
  return make_private_directory_as(user, path);
}

/// Makes the folder, by its future owner if possible. Returns an errno.
int make_folder(const fs::path& folder, const ServerUser& user) {
  if (is_folder(folder)) return 0;
  std::error_code made;
  fs::create_directories(folder.parent_path(), made);
  int code = make_directory_as(user, folder, 0755);
  if (code != 0 && user.drop) code = ::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST ? 0 : errno;
  return code == EEXIST ? 0 : code;
}

/// Writes into the folder as its owner. What goes there is for people: a folder that takes nothing is no trouble.
void leave_sign(const fs::path& folder, const ServerUser& user, const char* name, const std::string& text) {
  const auto owner = look_at(folder);
  if (!owner || (owner->st_uid != user.uid && owner->st_uid != ::geteuid())) return;
  write_file_as(owner->st_uid == user.uid ? user : current_user(), folder / name, text);
}

/// Whether the server's user can have a private folder in it, which is what the data need.
bool can_live_in(const fs::path& folder, const ServerUser& user) {
  if (has_control_character(folder)) return false;
  if (user.drop) {
    if (check_access_as(user, folder.parent_path(), X_OK) != 0) return false;
    give_to(user, folder);
  }
  return check_access_as(user, folder, R_OK | W_OK | X_OK) == 0 && make_private_directory_as(user, folder / "run") == 0;
}

/// Existing data decide: no one but their owner can run a server on them.
Result<ServerUser> user_for(const fs::path& folder, const std::string& wanted_user) {
  if (::geteuid() == 0)
    for (const auto& data : {folder / "data", fs::path(state_of_root) / short_hash(folder) / "data"})
      if (const auto info = look_at(data); info && S_ISDIR(info->st_mode) && info->st_uid != 0)
        return server_user_of(info->st_uid, info->st_gid);
  return choose_server_user(folder, wanted_user);
}

Place place_in(const fs::path& folder, const fs::path& home, ServerUser user) {
  Place place;
  place.folder = folder;
  place.home = home;
  place.socket_directory = socket_directory_of(home, user);
  place.user = std::move(user);
  return place;
}

std::optional<fs::path> existing_home(const fs::path& folder, const ServerUser& user) {
  if (is_folder(folder / "data")) return folder;
  for (const auto& home : places_elsewhere(folder, user))
    if (const auto info = look_at(home / "data"); info && S_ISDIR(info->st_mode) && info->st_uid == user.uid)
      return home;
  return std::nullopt;
}

}  // namespace

fs::path socket_in(const fs::path& directory) { return directory / ".s.PGSQL.5432"; }

Result<Place> find_place(const fs::path& directory, const std::string& wanted_user) {
  const auto folder = absolute_folder(directory);
  MIGRATE_TRY_ASSIGN(ServerUser user, user_for(folder, wanted_user));
  const auto home = existing_home(folder, user).value_or(folder);
  return place_in(folder, home, std::move(user));
}

Result<Place> prepare_place(const fs::path& directory, const std::string& wanted_user) {
  const auto folder = absolute_folder(directory);
  MIGRATE_TRY_ASSIGN(ServerUser user, user_for(folder, wanted_user));
  if (const auto data = look_at(folder / "data"); data && S_ISDIR(data->st_mode) && data->st_uid != user.uid)
    return unusable(
        folder / "data", EPERM,
        fmt::format("it belongs to `{}`: run the command as that user, or as root", server_user_name(data->st_uid)));
  const auto existing = existing_home(folder, user);
  if (existing == folder) return place_in(folder, folder, std::move(user));
  const bool is_new = !is_folder(folder);
  const bool made = make_folder(folder, user) == 0;
  const bool lives_here = !existing && made && can_live_in(folder, user);
  // It holds nothing that anyone wants to commit.
  if (is_new && made) leave_sign(folder, user, ".gitignore", "*\n");
  if (lives_here) return place_in(folder, folder, std::move(user));

  fs::path last;
  int code = 0;
  for (const auto& home : existing ? std::vector{*existing} : places_elsewhere(folder, user)) {
    last = home;
    code = make_home(home, user);
    if (code == 0) code = check_access_as(user, home, R_OK | W_OK | X_OK);
    if (code != 0) continue;
    auto place = place_in(folder, home, std::move(user));
    log::debug("{} cannot hold a server's data, {} does", folder.string(), home.string());
    leave_sign(folder, place.user, "location", home.string() + "\n");
    leave_sign(home, place.user, "project", folder.string() + "\n");
    return place;
  }
  return unusable(last, code, fmt::format("make `{}` writable for the user `{}`", folder.string(), user.name));
}

void remove_home(const Place& place) {
  for (const auto& path : {place.home / "project", place.lock(), place.folder / "location"})
    as_user(place.user, [name = path.c_str()] { return ::unlink(name) == 0 ? 0 : errno; });
  // Of the folders that are in root's own, only root can remove one; empty ones alone are removed at all.
  if (::rmdir(place.home.c_str()) == 0) ::unlink((place.folder / "location").c_str());
}

Result<void> prepare_socket_directory(const Place& place) {
  if (const int code = make_private_directory_as(place.user, place.socket_directory); code != 0)
    return unusable(place.socket_directory, code,
                    fmt::format("remove it: it shall be a folder of the user `{}` alone", place.user.name));
  return {};
}

Result<fs::path> prepare_cache(const fs::path& wanted, const Place& place) {
  const auto& user = place.user;
  std::vector<fs::path> candidates;
  if (!wanted.empty()) {
    candidates.push_back(wanted);
  } else {
    if (user.drop)
      candidates.emplace_back(fs::path(cache_of_root) / std::to_string(user.uid));
    else if (const auto cache = user_folder("XDG_CACHE_HOME", ".cache"))
      candidates.push_back(*cache / "migrate");
    candidates.emplace_back(fmt::format("/var/tmp/migrate-{}-cache", user.uid));
    // The home is writable: it holds the data.
    candidates.push_back(place.home / "cache");
  }
  int code = 0;
  for (const auto& candidate : candidates) {
    code = make_home(candidate, user);
    if (code == 0) code = check_access_as(user, candidate, R_OK | W_OK | X_OK);
    if (code == 0) return candidate;
  }
  return unusable(candidates.front(), code, fmt::format("make it writable for the user `{}`", user.name));
}

}  // namespace migrate::cluster
