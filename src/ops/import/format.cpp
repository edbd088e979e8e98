#include "ops/import/format.hpp"

#include <algorithm>
#include <array>

#include "ops/import/golang_migrate.hpp"

namespace migrate::ops::foreign {
namespace {

constexpr std::array all_formats{golang_migrate};

}  // namespace

std::span<const Format> formats() { return all_formats; }

const Format* find_format(std::string_view name) {
  const auto* format = std::find_if(all_formats.begin(), all_formats.end(),
                                    [&](const Format& candidate) { return candidate.name == name; });
  return format == all_formats.end() ? nullptr : format;
}

const Format* detect_format(std::span<const std::string> file_names) {
  const Format* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const Format& format : all_formats) {
    const auto owned = std::count_if(file_names.begin(), file_names.end(), format.owns);
    if (owned <= most) continue;
    most = owned;
    best = &format;
  }
  return best;
}

}  // namespace migrate::ops::foreign
