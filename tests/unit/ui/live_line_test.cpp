#include "ui/live_line.hpp"

#include "support/catch.hpp"

using namespace migrate::ui;

namespace {

struct Terminal {
  std::string text;
  LiveLine::Sink sink() {
    return [this](std::string_view part) { text += part; };
  }
  std::string take() { return std::exchange(text, {}); }
};

Style live(std::size_t width) {
  Style style;
  style.live = true;
  style.width = width;
  return style;
}

}  // namespace

TEST_CASE("A live line is written over by the next, and cleared at the end") {
  Terminal terminal;
  {
    LiveLine line(terminal.sink(), live(40));
    line.show("first");
    CHECK(terminal.take() == "first");
    line.show("second");
    CHECK(terminal.take() == "\r\x1b[Jsecond");
    line.show("second");
    CHECK(terminal.take().empty());
  }
  CHECK(terminal.take() == "\r\x1b[J");
}

TEST_CASE("Other output goes above the live line") {
  Terminal terminal;
  LiveLine line(terminal.sink(), live(40));
  line.show("working");
  terminal.take();
  line.print("done: a\n");
  CHECK(terminal.take() == "\r\x1b[Jdone: a\nworking");
  line.clear();
  CHECK(terminal.take() == "\r\x1b[J");
  line.clear();
  CHECK(terminal.take().empty());
  line.print("done: b\n");
  CHECK(terminal.take() == "done: b\n");
}

TEST_CASE("Several live lines are replaced together") {
  Terminal terminal;
  LiveLine line(terminal.sink(), live(40));
  line.show(std::vector<std::string>{"waiting", "held by pid 4121"});
  CHECK(terminal.take() == "waiting\nheld by pid 4121");
  line.show("going on");
  CHECK(terminal.take() == "\r\x1b[1A\x1b[Jgoing on");
}

TEST_CASE("A live line is never longer than the terminal is wide") {
  Terminal terminal;
  LiveLine line(terminal.sink(), live(20));
  line.show("0123456789012345678901234567890");
  CHECK(terminal.take() == "0123456789012345...");
}

TEST_CASE("In a pipe nothing is live") {
  Terminal terminal;
  {
    LiveLine line(terminal.sink(), Style{});
    line.show("working");
    line.print("done\n");
  }
  CHECK(terminal.take() == "done\n");
}
