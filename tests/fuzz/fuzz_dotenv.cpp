// Any bytes as `.env`: no crash, every place inside the text, no value in an error, and every database URL in it is
// either refused or shown without its password.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <migrate/config/settings.hpp>

#include "config/connection_text.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_url(const std::string& value) {
  using namespace migrate::config;
  const auto url = parse_database_url(value);
  if (!url || url->embedded) return;
  const auto scanned = scan_connection_text(url->conninfo);
  require(scanned.has_value());
  // What looks like a password in a name is hidden too, so that the masked text need not be a connection any more.
  if (const auto again = parse_database_url(masked(*url)); again && !again->embedded) {
    const auto shown = scan_connection_text(again->conninfo);
    require(shown.has_value());
    for (const auto& field : shown->fields)
      require(!is_secret_parameter(field.name) || field.value.empty() || field.value.find("***") != std::string::npos);
  }
  const auto mask = SecretMask::of(*url, "");
  for (const auto& field : scanned->fields) (void)mask.apply(field.value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = migrate::make_source(".env", std::string(reinterpret_cast<const char*>(data), size));
  const auto variables = migrate::config::parse_dotenv(source);
  if (variables) {
    for (const auto& [name, value] : *variables) {
      require(!name.empty() && value.second >= 1 && value.second <= source->line_count());
      check_url(value.first);
    }
    return 0;
  }
  require(!variables.error().diagnostics.empty());
  for (const auto& problem : variables.error().diagnostics) {
    require(problem.primary.has_value());
    const auto& label = *problem.primary;
    require(label.range.begin <= label.range.end && label.range.end <= label.source->text().size());
    const auto line = label.source->text(label.range);
    const auto equals = line.find('=');
    require(line.empty() || line == "***" || (equals != std::string_view::npos && line.substr(equals) == "=***"));
  }
  return 0;
}
