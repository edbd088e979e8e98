#include <migrate/ui/style.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace migrate::ui {
namespace {

std::string_view code_of(Role role) {
  switch (role) {
    case Role::plain: return {};
    case Role::error: return "1;31";
    case Role::warning: return "1;33";
    case Role::ok: return "32";
    case Role::id: return "36";
    case Role::dim: return "2";
    case Role::bold: return "1";
  }
  return {};
}

bool forces(std::string_view variable) { return !variable.empty() && variable != "0"; }

std::size_t width_of(const StreamFacts& facts) {
  // Narrower than this nothing can be laid out, wider nothing is gained.
  constexpr std::size_t narrowest = 20;
  constexpr std::size_t widest = 500;
  constexpr std::size_t usual = 100;
  std::size_t columns = 0;
  std::from_chars(facts.columns.data(), facts.columns.data() + facts.columns.size(), columns);
  if (columns == 0) columns = facts.terminal_columns;
  return columns == 0 ? usual : std::clamp(columns, narrowest, widest);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string Style::paint(Role role, std::string_view text) const {
  const auto code = code_of(role);
  if (!color || code.empty() || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

Style decide_style(const StreamFacts& facts, ColorChoice choice) {
  Style style;
  style.live = facts.terminal && facts.term != "dumb";
  style.width = width_of(facts);
  switch (choice) {
    case ColorChoice::always: style.color = true; break;
    case ColorChoice::never: style.color = false; break;
    case ColorChoice::automatic:
      style.color = forces(facts.force_color) || forces(facts.clicolor_force) || (style.live && facts.no_color.empty());
      break;
  }
  return style;
}

Style style_of_stream(int file_descriptor, ColorChoice choice) {
  StreamFacts facts;
  facts.terminal = ::isatty(file_descriptor) == 1;
  struct winsize size {};
  if (facts.terminal && ::ioctl(file_descriptor, TIOCGWINSZ, &size) == 0) facts.terminal_columns = size.ws_col;
  facts.no_color = variable("NO_COLOR");
  facts.force_color = variable("FORCE_COLOR");
  facts.clicolor_force = variable("CLICOLOR_FORCE");
  facts.term = variable("TERM");
  facts.columns = variable("COLUMNS");
  return decide_style(facts, choice);
}

}  // namespace migrate::ui
