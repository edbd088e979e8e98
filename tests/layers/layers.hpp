/// \file
/// Checks a source tree against the arrows, library table and list of long files of its ARCHITECTURE.md.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace layers {

/// What ARCHITECTURE.md says.
struct Rules {
  std::map<std::string, std::set<std::string>> may_include;  ///< room -> rooms to its right
  struct Library {
    std::string name;
    std::vector<std::string> headers;  ///< whole names; with a '/' at the end, every header below
    std::set<std::string> rooms;       ///< where they may be included
  };
  std::vector<Library> libraries;
  std::map<std::string, std::string> long_files;  ///< path -> reason
  std::vector<std::string> troubles;              ///< what could not be read; empty: all is well
};

inline constexpr std::size_t line_limit = 400;

/// Reads the block fenced with ```arrows, and the tables whose first heads are `Library` and `Long file`.
Rules read_rules(std::string_view architecture);

/// One sentence for each thing that goes against the rules, sorted: "src/sql/x.cpp:3: sql may not include revision".
std::vector<std::string> check_tree(const std::filesystem::path& root, const Rules& rules);

}  // namespace layers
