// Small searches that this room makes everywhere.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::catalog {

inline bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

inline void add_once(std::vector<std::string>& names, const std::string& name) {
  if (!contains(names, name)) names.push_back(name);
}

inline void replace_name(std::vector<std::string>& names, std::string_view from, const std::string& to) {
  std::replace_if(
      names.begin(), names.end(), [&](const std::string& name) { return name == from; }, to);
}

}  // namespace migrate::catalog
