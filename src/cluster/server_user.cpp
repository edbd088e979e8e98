#include "cluster/server_user.hpp"

#include <cerrno>
#include <optional>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/system_error.hpp>

#include "cluster/as_user.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

std::vector<gid_t> groups_of(const std::string& name, gid_t gid) {
  // A plain int count is what the call wants; the type of the list differs between systems.
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(name.c_str(), gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), gid, groups.data(), &count) < 0) return {gid};
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

template <class Lookup>
std::optional<ServerUser> look_up(Lookup lookup) {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  while (lookup(&entry, buffer, &found) == ERANGE) buffer.resize(buffer.size() * 2);
  if (found == nullptr) return std::nullopt;
  ServerUser user;
  user.uid = found->pw_uid;
  user.gid = found->pw_gid;
  user.name = found->pw_name;
  user.home = found->pw_dir;
  return user;
}

std::optional<ServerUser> user_by_name(const std::string& name) {
  return look_up([&](passwd* entry, std::vector<char>& buffer, passwd** found) {
    return ::getpwnam_r(name.c_str(), entry, buffer.data(), buffer.size(), found);
  });
}

/// Containers run with uids that no one wrote into /etc/passwd: such a user has a number, and that is enough.
ServerUser user_by_id(uid_t uid, gid_t gid) {
  auto user = look_up([&](passwd* entry, std::vector<char>& buffer, passwd** found) {
    return ::getpwuid_r(uid, entry, buffer.data(), buffer.size(), found);
  });
  if (user) return *std::move(user);
  ServerUser nameless;
  nameless.uid = uid;
  nameless.gid = gid;
  nameless.name = std::to_string(uid);
  nameless.home = "/";
  return nameless;
}

Unexpected<Failure> no_ordinary_user(std::string message) {
  return fail(error("no-ordinary-user", std::move(message))
                  .note("PostgreSQL refuses to run as root, so root has to hand it over to an ordinary user")
                  .help("run the command as an ordinary user, or name one: MIGRATE_PG_USER=postgres"));
}

Result<ServerUser> made_ready_to_drop(ServerUser user) {
  user.groups = groups_of(user.name, user.gid);
  user.drop = true;
  // A container may be without the right to change users, or know no user but root.
  if (const int code = as_user(user, [] { return 0; }); code != 0)
    return no_ordinary_user(fmt::format("cannot become the user `{}`: {}", user.name, reason_of(code)));
  return user;
}

/// The owner of the nearest folder that exists.
std::optional<struct stat> owner_of(fs::path folder) {
  struct stat info {};
  for (;; folder = folder.parent_path()) {
    if (::stat(folder.c_str(), &info) == 0) return info;
    if (folder == folder.parent_path()) return std::nullopt;
  }
}

}  // namespace

ServerUser current_user() { return user_by_id(::geteuid(), ::getegid()); }

std::string server_user_name(uid_t uid) { return user_by_id(uid, 0).name; }

Result<ServerUser> choose_server_user(const fs::path& project_folder, const std::string& wanted) {
  if (::geteuid() != 0) return current_user();
  if (!wanted.empty()) {
    auto user = user_by_name(wanted);
    if (!user) return no_ordinary_user(fmt::format("there is no user `{}`", wanted));
    if (user->uid == 0) return no_ordinary_user(fmt::format("`{}` is root", wanted));
    return made_ready_to_drop(*std::move(user));
  }
  if (const auto owner = owner_of(project_folder); owner && owner->st_uid != 0)
    return made_ready_to_drop(user_by_id(owner->st_uid, owner->st_gid));
  for (const char* name : {"postgres", "nobody"})
    if (auto user = user_by_name(name); user && user->uid != 0) return made_ready_to_drop(*std::move(user));
  return no_ordinary_user("there is no ordinary user to run the embedded PostgreSQL as");
}

Result<ServerUser> server_user_of(uid_t owner, gid_t group) {
  if (::geteuid() != 0) return current_user();
  if (owner == 0) return no_ordinary_user("the data of the embedded PostgreSQL belong to root");
  return made_ready_to_drop(user_by_id(owner, group));
}

}  // namespace migrate::cluster
