// Whom the server and everything that touches its files run as: PostgreSQL refuses root.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include <migrate/base/result.hpp>

namespace migrate::cluster {

struct ServerUser {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  std::string name;
  std::string home;
  bool drop = false;  ///< we are root, and children give up its rights
};

/// Who we are, with all our rights.
ServerUser current_user();

/// Not root: ourselves. Root: `wanted` if it is given, else the owner of `project_folder`, else postgres, else nobody.
/// Errors: `no-ordinary-user`.
Result<ServerUser> choose_server_user(const std::filesystem::path& project_folder, const std::string& wanted);

/// The name of a user, or its number.
std::string server_user_name(uid_t uid);

/// The user that owns existing data; it alone can run the server on them. Errors: `no-ordinary-user`.
Result<ServerUser> server_user_of(uid_t owner, gid_t group);

}  // namespace migrate::cluster
