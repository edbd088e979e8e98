/// \file
/// The last lines of a terminal, written over as work goes on.
#pragma once

#include <cstdio>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/ui/style.hpp>

namespace migrate::ui {

/// One owner per stream: everything else that goes to it while something is shown goes through print(). Where the
/// style is not live, show() does nothing. The text that is shown vanishes with the object. Threads may share it.
class LiveLine {
 public:
  using Sink = std::function<void(std::string_view)>;

  LiveLine(Sink sink, Style style);
  LiveLine(std::FILE* stream, Style style);
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  /// Replaces what is shown. Lines may be painted; they are cut to the terminal's width.
  void show(std::string_view line);
  void show(std::span<const std::string> lines);
  void clear();
  /// Whole lines, with their line ends, that stay; what was shown is shown again below them.
  void print(std::string_view text);

  [[nodiscard]] const Style& style() const { return style_; }

 private:
  [[nodiscard]] std::string erasing() const;
  [[nodiscard]] std::string drawing() const;

  Sink sink_;
  Style style_;
  std::mutex mutex_;  // of what is shown, and of the order of writes
  std::vector<std::string> shown_;
};

}  // namespace migrate::ui
