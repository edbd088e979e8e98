/// \file
/// The exit codes of the program: an interface, documented in docs/reference/exit-codes.md.
#pragma once

namespace migrate {

enum class ExitCode : int {
  ok = 0,             ///< done, or nothing to do
  findings = 1,       ///< pending revisions, drift or lint findings, of commands that check
  usage = 2,          ///< usage, settings, revision files
  unreachable = 3,    ///< cannot reach or lock the database; nothing changed
  rolled_back = 4,    ///< failed; the database is at the last good revision
  left_behind = 5,    ///< failed and left work behind: resume or mark
  bug = 70,           ///< a bug in this program
  interrupted = 130,  ///< interrupted, and rolled back
};

}  // namespace migrate
