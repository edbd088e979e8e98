// Work done with the rights of the server's user and no more: root never writes, follows a link or kills on behalf of a
// folder that belongs to somebody else.
#pragma once

#include <filesystem>
#include <string_view>

#include <sys/types.h>
#include <unistd.h>

#include "cluster/server_user.hpp"

namespace migrate::cluster {

/// fork() of which the child has no signal handler and no blocked signal of ours.
pid_t fork_with_default_signals();
/// In a child: gives up root's rights for good. Returns an errno, 0 if all went well.
int become(const ServerUser& user);
/// Waits for a child of ours. Returns its exit code, 128 + signal, or -1 if it cannot be known.
int wait_for(pid_t child);

/// Runs `action` (which returns an errno) as `user`: here, or in a child if rights are to be dropped. The action may
/// use async-signal-safe calls only, on texts that were made before: other threads of this process do not exist in the
/// child.
template <class Action>
int as_user(const ServerUser& user, Action action) {
  if (!user.drop) return action();
  const pid_t child = fork_with_default_signals();
  if (child < 0) return errno;
  if (child == 0) {
    const int code = become(user);
    ::_exit(code != 0 ? code : action());
  }
  return wait_for(child);
}

/// These return an errno, 0 if all went well. They follow no symbolic link in the last component.
int make_directory_as(const ServerUser& user, const std::filesystem::path& path, mode_t mode);
/// There afterwards, of `user`, and closed to all others; so it was ours before, or is new.
int make_private_directory_as(const ServerUser& user, const std::filesystem::path& path);
int write_file_as(const ServerUser& user, const std::filesystem::path& path, std::string_view text);
int check_access_as(const ServerUser& user, const std::filesystem::path& path, int mode);

}  // namespace migrate::cluster
