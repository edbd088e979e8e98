#include "ui/live_line.hpp"

#include <utility>

#include <fmt/format.h>

#include "ui/painted.hpp"

namespace migrate::ui {

LiveLine::LiveLine(Sink sink, Style style) : sink_(std::move(sink)), style_(style) {}

LiveLine::LiveLine(std::FILE* stream, Style style)
    : LiveLine(
          [stream](std::string_view text) {
            std::fwrite(text.data(), 1, text.size(), stream);
            std::fflush(stream);
          },
          style) {}

LiveLine::~LiveLine() {
  try {
    clear();
  } catch (...) {
    // A terminal that went away: nothing is left to clear.
    shown_.clear();
  }
}

void LiveLine::show(std::string_view line) {
  const std::string lines[] = {std::string(line)};
  show(lines);
}

void LiveLine::show(std::span<const std::string> lines) {
  if (!style_.live) return;
  // One column stays free: a character in the last one makes some terminals begin a new line.
  std::vector<std::string> next;
  for (const auto& line : lines) next.push_back(cut_painted(line, style_.width - 1));
  const std::lock_guard guard(mutex_);
  if (next == shown_) return;
  auto text = erasing();
  shown_ = std::move(next);
  sink_(text + drawing());
}

void LiveLine::clear() {
  const std::lock_guard guard(mutex_);
  if (shown_.empty()) return;
  const auto text = erasing();
  shown_.clear();
  sink_(text);
}

void LiveLine::print(std::string_view text) {
  const std::lock_guard guard(mutex_);
  sink_(erasing().append(text) + drawing());
}

std::string LiveLine::erasing() const {
  if (shown_.empty()) return {};
  // To the first of the shown lines, then everything from there on: one write, so that nothing flickers.
  std::string text = "\r";
  if (shown_.size() > 1) text += fmt::format("\x1b[{}A", shown_.size() - 1);
  return text += "\x1b[J";
}

std::string LiveLine::drawing() const {
  std::string text;
  for (const auto& line : shown_) {
    if (&line != &shown_.front()) text += '\n';
    text += line;
  }
  return text;
}

}  // namespace migrate::ui
