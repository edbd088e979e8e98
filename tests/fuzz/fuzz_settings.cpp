// Any bytes as migrate.toml: no crash, every place inside the text, and what is shown of it holds nothing that looks
// like a password.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/secrets.hpp"
#include "config/settings_file.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace migrate::config;
  const auto source = migrate::make_source("migrate.toml", std::string(reinterpret_cast<const char*>(data), size));
  Settings settings;
  const auto read = read_settings_file(source, settings);
  if (read) {
    require(find_secret_shapes(settings.role.value).empty());
    return 0;
  }
  require(!read.error().diagnostics.empty());
  for (const auto& problem : read.error().diagnostics) {
    require(problem.primary.has_value() && !problem.helps.empty());
    const auto& label = *problem.primary;
    require(label.range.begin <= label.range.end && label.range.end <= label.source->text().size());
    require(label.source->line_column({label.range.begin}).line <= source->line_count());
    const auto shown = label.source->text();
    for (const auto& range : find_secret_shapes(shown)) require(range.of(shown).find("***") != std::string_view::npos);
  }
  return 0;
}
