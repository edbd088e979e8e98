#include <migrate/ui/style.hpp>

#include "support/catch.hpp"

using namespace migrate::ui;

namespace {

StreamFacts terminal() {
  StreamFacts facts;
  facts.terminal = true;
  facts.terminal_columns = 80;
  facts.term = "xterm";
  return facts;
}

}  // namespace

TEST_CASE("A terminal is coloured and live, a pipe is neither") {
  CHECK(decide_style(terminal(), ColorChoice::automatic).color);
  CHECK(decide_style(terminal(), ColorChoice::automatic).live);
  CHECK_FALSE(decide_style({}, ColorChoice::automatic).color);
  CHECK_FALSE(decide_style({}, ColorChoice::automatic).live);
}

TEST_CASE("A dumb terminal is neither coloured nor live") {
  auto facts = terminal();
  facts.term = "dumb";
  CHECK_FALSE(decide_style(facts, ColorChoice::automatic).color);
  CHECK_FALSE(decide_style(facts, ColorChoice::automatic).live);
}

TEST_CASE("NO_COLOR takes the colour of a terminal, but not its liveness") {
  auto facts = terminal();
  facts.no_color = "1";
  CHECK_FALSE(decide_style(facts, ColorChoice::automatic).color);
  CHECK(decide_style(facts, ColorChoice::automatic).live);
}

TEST_CASE("FORCE_COLOR and CLICOLOR_FORCE colour a pipe, even against NO_COLOR") {
  StreamFacts facts;
  facts.no_color = "1";
  facts.force_color = "1";
  CHECK(decide_style(facts, ColorChoice::automatic).color);
  facts.force_color = "0";
  CHECK_FALSE(decide_style(facts, ColorChoice::automatic).color);
  facts.clicolor_force = "yes";
  CHECK(decide_style(facts, ColorChoice::automatic).color);
  CHECK_FALSE(decide_style(facts, ColorChoice::automatic).live);
}

TEST_CASE("the flag --color wins over the environment and the terminal") {
  StreamFacts pipe;
  pipe.no_color = "1";
  CHECK(decide_style(pipe, ColorChoice::always).color);
  auto forced = terminal();
  forced.force_color = "1";
  CHECK_FALSE(decide_style(forced, ColorChoice::never).color);
}

TEST_CASE("The width is COLUMNS, else the terminal's, else 100") {
  CHECK(decide_style({}, ColorChoice::automatic).width == 100);
  CHECK(decide_style(terminal(), ColorChoice::automatic).width == 80);
  auto facts = terminal();
  facts.columns = "132";
  CHECK(decide_style(facts, ColorChoice::automatic).width == 132);
  facts.columns = "no number";
  CHECK(decide_style(facts, ColorChoice::automatic).width == 80);
  facts.columns = "3";
  CHECK(decide_style(facts, ColorChoice::automatic).width == 20);
}

TEST_CASE("Painting without colour changes nothing") {
  const Style style;
  CHECK(style.paint(Role::error, "text") == "text");
}

TEST_CASE("Painting sets a colour and takes it back") {
  Style style;
  style.color = true;
  CHECK(style.paint(Role::error, "text") == "\x1b[1;31mtext\x1b[0m");
  CHECK(style.paint(Role::id, "text") == "\x1b[36mtext\x1b[0m");
  CHECK(style.paint(Role::plain, "text") == "text");
  CHECK(style.paint(Role::error, "").empty());
}
