#include "layers/layers.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

namespace layers {
namespace fs = std::filesystem;
namespace {

struct Include {
  std::string header;
  bool angled = false;
};

/// The header that a line includes, in whatever spacing.
std::optional<Include> include_of(std::string_view line) {
  const auto skip_blanks = [&line] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(std::string_view("include").size());
  skip_blanks();
  if (line.empty() || (line.front() != '<' && line.front() != '"')) return std::nullopt;
  const bool angled = line.front() == '<';
  const auto end = line.find(angled ? '>' : '"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), angled};
}

bool is_code(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".cpp" || extension == ".hpp" || extension == ".c" || extension == ".h";
}

std::string first_part(std::string_view path) { return std::string(path.substr(0, path.find('/'))); }

bool holds(const std::vector<std::string>& headers, std::string_view header) {
  return std::any_of(headers.begin(), headers.end(), [header](const std::string& entry) {
    return entry.ends_with('/') ? header.starts_with(entry) : header == entry;
  });
}

class Checker {
 public:
  Checker(const fs::path& root, const Rules& rules) : root_(root), rules_(rules), unused_reasons_(rules.long_files) {}

  std::vector<std::string> run() {
    for (const char* folder : {"src", "include/migrate"}) check_rooms(folder);
    check_length_below("tests");
    for (const auto& [path, reason] : unused_reasons_)
      findings_.push_back(path + ": listed as a long file, and is none");
    std::sort(findings_.begin(), findings_.end());
    return findings_;
  }

 private:
  void check_rooms(const std::string& folder) {
    if (!fs::is_directory(root_ / folder)) {
      findings_.push_back(folder + ": there is no such folder");
      return;
    }
    for (const auto& entry : fs::directory_iterator(root_ / folder)) {
      if (!entry.is_directory()) continue;
      const auto room = entry.path().filename().string();
      if (!rules_.may_include.contains(room)) {
        findings_.push_back(folder + "/" + room + ": a room without an arrow in ARCHITECTURE.md");
        continue;
      }
      for (const auto& file : fs::recursive_directory_iterator(entry.path()))
        if (is_code(file.path())) check_file(file.path(), room);
    }
  }

  void check_length_below(const std::string& folder) {
    if (!fs::is_directory(root_ / folder)) return;
    for (const auto& file : fs::recursive_directory_iterator(root_ / folder))
      if (is_code(file.path())) check_file(file.path(), {});
  }

  /// With an empty room only the length is looked at.
  void check_file(const fs::path& path, const std::string& room) {
    const auto name = path.lexically_relative(root_).generic_string();
    std::ifstream stream(path);
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
      if (room.empty()) continue;
      const auto include = include_of(line);
      if (!include) continue;
      if (const auto complaint = judge(*include, room); !complaint.empty())
        findings_.push_back(name + ":" + std::to_string(number) + ": " + complaint);
    }
    if (number <= line_limit) return;
    if (unused_reasons_.erase(name) == 0)
      findings_.push_back(name + ": " + std::to_string(number) + " lines, over " + std::to_string(line_limit) +
                          " without a reason in ARCHITECTURE.md");
  }

  std::string judge(const Include& include, const std::string& room) const {
    const auto& header = include.header;
    if (header.find("..") != std::string::npos) return "include by room, not by a path with '..': " + header;
    if (header.starts_with("migrate/")) return judge_door(std::string_view(header).substr(8), room);
    if (!include.angled) {
      const auto owner = first_part(header);
      if (!rules_.may_include.contains(owner)) return "a private header is included as \"<room>/x.hpp\": " + header;
      if (owner != room) return "a private header of " + owner + " is included in " + room + ": " + header;
      return {};
    }
    for (const auto& library : rules_.libraries)
      if (holds(library.headers, header) && !library.rooms.contains(room))
        return "the headers of " + library.name + " are not for " + room + ": " + header;
    return {};
  }

  std::string judge_door(std::string_view below_migrate, const std::string& room) const {
    if (below_migrate.find('/') == std::string_view::npos) return {};  // <migrate/version.hpp> belongs to no room
    const auto other = first_part(below_migrate);
    if (!rules_.may_include.contains(other)) return "there is no room " + other;
    if (!rules_.may_include.at(room).contains(other)) return room + " may not include " + other;
    return {};
  }

  const fs::path& root_;
  const Rules& rules_;
  std::map<std::string, std::string> unused_reasons_;
  std::vector<std::string> findings_;
};

}  // namespace

std::vector<std::string> check_tree(const fs::path& root, const Rules& rules) { return Checker(root, rules).run(); }

}  // namespace layers
