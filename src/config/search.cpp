#include "config/search.hpp"

namespace migrate::config {

namespace fs = std::filesystem;

std::optional<fs::path> find_settings_file(const fs::path& folder) {
  for (auto at = folder.lexically_normal();; at = at.parent_path()) {
    std::error_code ignored;
    if (auto file = at / "migrate.toml"; fs::is_regular_file(file, ignored)) return file;
    // A file in worktrees and submodules. What is above belongs to another project.
    if (fs::exists(at / ".git", ignored) || at == at.root_path()) return std::nullopt;
  }
}

}  // namespace migrate::config
