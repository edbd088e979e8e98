#include "ops/lint/git.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ops/lint/run_git.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

std::string first_line(std::string_view text) { return std::string(trim(text.substr(0, text.find('\n')))); }

Unexpected<Failure> failed(const GitAnswer& answer, const std::string& command) {
  return fail(error("git-failed", fmt::format("`git {}` failed with exit code {}", command, answer.exit_code))
                  .note("git", first_line(answer.complaint)));
}

Result<std::string> root_of(const fs::path& folder) {
  MIGRATE_TRY_ASSIGN(const auto answer, run_git(folder.string(), {"rev-parse", "--show-toplevel"}));
  if (answer.exit_code == 0) return std::string(trim(answer.output));
  return fail(error("not-a-repository", fmt::format("`{}` is not in a git repository", folder.string()))
                  .note("git", first_line(answer.complaint))
                  .help("leave out --since to judge all revisions"));
}

Result<std::string> start_of_branch(const std::string& root, const std::string& reference) {
  MIGRATE_TRY_ASSIGN(const auto named,
                     run_git(root, {"rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"}));
  if (named.exit_code != 0) {
    return fail(error("unknown-git-revision", fmt::format("git knows no commit `{}`", reference))
                    .help("name a branch, tag or commit that is here: git branch --all")
                    .help("in a shallow clone, fetch it first: git fetch origin BRANCH"));
  }
  const std::string commit(trim(named.output));
  // What others brought in meanwhile is not what this branch changed.
  MIGRATE_TRY_ASSIGN(const auto base, run_git(root, {"merge-base", commit, "HEAD"}));
  return base.exit_code == 0 ? std::string(trim(base.output)) : commit;
}

struct Blob {
  std::string name, path;  // the path below the root
};

Result<std::vector<Blob>> list_blobs(const std::string& root, const std::string& commit, const std::string& below) {
  std::vector<std::string> words{"ls-tree", "-r", "-z", "--full-tree", commit};
  if (below != ".") words.insert(words.end(), {"--", below});
  MIGRATE_TRY_ASSIGN(const auto answer, run_git(root, words));
  if (answer.exit_code != 0) return failed(answer, "ls-tree");
  std::vector<Blob> blobs;
  for (const auto entry : split(answer.output, '\0')) {
    // "100644 blob 8ab686eaf...\tpath"
    const auto tab = entry.find('\t');
    if (tab == std::string_view::npos || !entry.ends_with(".sql")) continue;
    const auto words_before = split(entry.substr(0, tab), ' ');
    if (words_before.size() != 3 || words_before[1] != "blob") continue;
    blobs.push_back({std::string(words_before[2]), std::string(entry.substr(tab + 1))});
  }
  return blobs;
}

/// `git cat-file --batch` answers "NAME blob SIZE\nCONTENT\n" for each name.
Result<std::vector<std::string>> read_blobs(const std::string& root, const std::vector<Blob>& blobs) {
  std::string names;
  for (const auto& blob : blobs) names += blob.name + '\n';
  MIGRATE_TRY_ASSIGN(const auto answer, run_git(root, {"cat-file", "--batch"}, names));
  if (answer.exit_code != 0) return failed(answer, "cat-file --batch");
  std::vector<std::string> contents;
  std::string_view rest = answer.output;
  while (contents.size() < blobs.size()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return failed(answer, "cat-file --batch");
    const auto words = split(rest.substr(0, end), ' ');
    std::size_t size = 0;
    const auto& digits = words.back();
    const auto [after, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (words.size() != 3 || problem != std::errc() || rest.size() < end + 1 + size)
      return failed(answer, "cat-file --batch");
    contents.emplace_back(rest.substr(end + 1, size));
    rest.remove_prefix(std::min(rest.size(), end + 1 + size + 1));
  }
  return contents;
}

}  // namespace

Result<std::vector<SourcePtr>> files_at(const std::string& reference, const std::vector<fs::path>& folders) {
  std::vector<SourcePtr> files;
  for (const auto& folder : folders) {
    MIGRATE_TRY_ASSIGN(const std::string root, root_of(folder));
    MIGRATE_TRY_ASSIGN(const std::string commit, start_of_branch(root, reference));
    std::error_code ignored;
    const fs::path real_root = fs::weakly_canonical(root, ignored);
    const std::string below = fs::weakly_canonical(folder, ignored).lexically_relative(real_root).generic_string();
    MIGRATE_TRY_ASSIGN(const auto blobs, list_blobs(root, commit, below));
    MIGRATE_TRY_ASSIGN(auto contents, read_blobs(root, blobs));
    for (std::size_t i = 0; i < blobs.size(); ++i) {
      const auto path = (real_root / blobs[i].path).lexically_proximate(fs::current_path());
      files.push_back(make_source(path.string(), std::move(contents[i])));
    }
  }
  return files;
}

}  // namespace migrate::ops
