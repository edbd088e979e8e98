// The user's editor.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::cli {

// Opens the files in $VISUAL or $EDITOR (else vi) and waits for it. `answers_on_stdout`: a machine reads our stdout,
// and what the editor writes there goes to stderr. Errors: `no-editor`, `editor-failed`.
Result<void> open_in_editor(const std::vector<std::string>& paths, bool answers_on_stdout);

// Replaces this process by a program found through PATH. Returns only if that fails: `cannot-run`.
Failure become(const std::vector<std::string>& words);

}  // namespace migrate::cli
