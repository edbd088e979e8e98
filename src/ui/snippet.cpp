#include "ui/snippet.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ui/painted.hpp"
#include "ui/window.hpp"

namespace migrate::ui {
namespace {

// The bracket on the left of a range of several lines, as in "| text".
constexpr std::size_t bracket_width = 2;

/// A mark on one line.
struct LineMark {
  Columns columns;
  const Mark* mark = nullptr;
};

char sign_of(const Mark& mark) { return mark.primary ? '^' : '-'; }

/// The part of `range` that is on `line`, in bytes of the line.
ByteRange part_on_line(const Source& source, ByteRange range, std::size_t line) {
  const auto bounds = source.line_range(line);
  const auto begin = std::clamp(range.begin, bounds.begin, bounds.end);
  const auto end = std::clamp(range.end, begin, bounds.end);
  return {begin - bounds.begin, end - bounds.begin};
}

class Snippet {
 public:
  Snippet(const Source& source, std::span<const Mark> marks, const SnippetLayout& layout, const Style& style)
      : source_(source), marks_(marks), layout_(layout), style_(style) {
    for (const auto& mark : marks) {
      const auto span = lines_of(source, mark.range);
      shown_.insert(span.first);
      if (!bracketed_ && mark.primary && span.last > span.first) {
        bracketed_ = &mark;
        bracket_ = span;
        shown_.insert(span.last);
      }
    }
    fill_small_gaps();
  }

  std::vector<std::string> render() {
    rows_.push_back(gutter(layout_, style_));
    std::size_t previous = 0;
    for (const auto line : shown_) {
      if (previous != 0 && line > previous + 1) rows_.push_back(elision(line));
      render_line(line);
      previous = line;
    }
    return std::move(rows_);
  }

 private:
  void fill_small_gaps() {
    // Where "..." would take the place of one line, the line itself says more.
    const std::vector<std::size_t> lines(shown_.begin(), shown_.end());
    for (std::size_t i = 1; i < lines.size(); ++i) {
      if (lines[i] - lines[i - 1] == 2) shown_.insert(lines[i] - 1);
    }
  }

  [[nodiscard]] bool inside_bracket(std::size_t line) const {
    return bracketed_ && line > bracket_.first && line <= bracket_.last;
  }

  [[nodiscard]] std::string elision(std::size_t next_line) const {
    std::string row = "...";
    if (inside_bracket(next_line)) {
      row.append(layout_.number_width + 3 - row.size(), ' ');
      row += style_.paint(bracketed_->role, "|");
    }
    return row;
  }

  void push(const Row& row) {
    const auto text = row.str(style_);
    rows_.push_back(text.empty() ? gutter(layout_, style_) : gutter(layout_, style_) + " " + text);
  }

  /// The marks of single lines that begin on `line`; what goes beyond it is cut.
  [[nodiscard]] std::vector<LineMark> marks_on(std::size_t line, const LineWindow& window) const {
    std::vector<LineMark> found;
    for (const auto& mark : marks_) {
      if (&mark == bracketed_ || lines_of(source_, mark.range).first != line) continue;
      const auto part = part_on_line(source_, mark.range, line);
      auto columns = window.columns_of(part.begin, part.end);
      if (bracketed_) columns = {columns.begin + bracket_width, columns.end + bracket_width};
      found.push_back({columns, &mark});
    }
    std::stable_sort(found.begin(), found.end(), [](const LineMark& a, const LineMark& b) {
      return std::pair(a.columns.begin, a.columns.end) < std::pair(b.columns.begin, b.columns.end);
    });
    return found;
  }

  [[nodiscard]] LineWindow window_of(std::size_t line) const {
    // The primary mark decides which part of a long line is seen.
    std::optional<ByteRange> focus;
    for (const auto& mark : marks_) {
      const auto span = lines_of(source_, mark.range);
      if (span.first == line && (!focus || mark.primary)) focus = part_on_line(source_, mark.range, line);
      if (&mark == bracketed_ && span.last == line) {
        const auto end = part_on_line(source_, mark.range, line).end;
        focus = ByteRange{end > 0 ? end - 1 : 0, end};
      }
    }
    const auto bytes = focus.value_or(ByteRange{});
    const auto width = bracketed_ ? layout_.line_width - bracket_width : layout_.line_width;
    return {source_.text(source_.line_range(line)), bytes.begin, bytes.end, width};
  }

  void render_line(std::size_t line) {
    const auto window = window_of(line);
    const auto text = trim_end(window.text());
    const auto begins_here = bracketed_ && line == bracket_.first;
    const auto start = begins_here ? part_on_line(source_, bracketed_->range, line) : ByteRange{};
    const auto begins_line = begins_here && trim(source_.text(source_.line_range(line)).substr(0, start.begin)).empty();

    std::string prefix;
    if (bracketed_) {
      const auto sign = begins_line ? "/" : inside_bracket(line) ? "|" : " ";
      prefix = (text.empty() && *sign == ' ' ? "" : style_.paint(bracketed_->role, sign) + (text.empty() ? "" : " "));
    }
    const auto number = gutter(layout_, style_, line);
    rows_.push_back(text.empty() && prefix.empty() ? number : number + " " + prefix + std::string(text));

    const bool in_bracket_below = inside_bracket(line) || begins_line;
    render_marks(marks_on(line, window), in_bracket_below);
    if (begins_here && !begins_line) open_bracket(window.columns_of(start.begin, start.begin + 1));
    if (bracketed_ && line == bracket_.last) close_bracket(line, window);
  }

  static std::string_view trim_end(std::string_view text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

  void open_bracket(Columns start) {
    Row row;
    row.fill(1, start.begin + bracket_width, '_', bracketed_->role);
    row.fill(start.begin + bracket_width, start.begin + bracket_width + 1, '^', bracketed_->role);
    push(row);
  }

  void close_bracket(std::size_t line, const LineWindow& window) {
    const auto part = part_on_line(source_, bracketed_->range, line);
    const auto end = window.columns_of(part.end > 0 ? part.end - 1 : 0, part.end).end + bracket_width;
    Row row;
    row.put(0, "|", bracketed_->role);
    row.fill(1, end - 1, '_', bracketed_->role);
    row.fill(end - 1, end, '^', bracketed_->role);
    row.put(end + 1, trim(bracketed_->text), bracketed_->role);
    push(row);
  }

  /// One row of underlines, with the label of the last mark; below it the other labels, hung on "|".
  void render_marks(const std::vector<LineMark>& marks, bool in_bracket) {
    if (marks.empty()) return;
    const auto start_row = [&] {
      Row row;
      if (in_bracket) row.put(0, "|", bracketed_->role);
      return row;
    };
    Row underlines = start_row();
    std::size_t end = 0;
    for (const bool primary : {false, true}) {
      for (const auto& [columns, mark] : marks) {
        if (mark->primary == primary) underlines.fill(columns.begin, columns.end, sign_of(*mark), mark->role);
        end = std::max(end, columns.end);
      }
    }

    std::vector<LineMark> hanging;
    std::copy_if(marks.begin(), marks.end(), std::back_inserter(hanging),
                 [](const LineMark& line_mark) { return !trim(line_mark.mark->text).empty(); });
    if (!hanging.empty() && hanging.back().columns.end == end) {
      underlines.put(end + 1, trim(hanging.back().mark->text), hanging.back().mark->role);
      hanging.pop_back();
    }
    push(underlines);

    if (hanging.empty()) return;
    Row connectors = start_row();
    for (const auto& [columns, mark] : hanging) connectors.put(columns.begin, "|", mark->role);
    push(connectors);
    while (!hanging.empty()) {
      const auto label = hanging.back();
      hanging.pop_back();
      Row row = start_row();
      for (const auto& [columns, mark] : hanging) {
        if (columns.begin < label.columns.begin) row.put(columns.begin, "|", mark->role);
      }
      row.put(label.columns.begin, trim(label.mark->text), label.mark->role);
      push(row);
    }
  }

  const Source& source_;
  std::span<const Mark> marks_;
  const SnippetLayout& layout_;
  const Style& style_;
  std::set<std::size_t> shown_;
  const Mark* bracketed_ = nullptr;  // the one whose lines are bracketed
  LineSpan bracket_;
  std::vector<std::string> rows_;
};

}  // namespace

std::string gutter(const SnippetLayout& layout, const Style& style) {
  return std::string(layout.number_width + 1, ' ') + style.paint(Role::dim, "|");
}

std::string gutter(const SnippetLayout& layout, const Style& style, std::size_t line, std::string_view sign,
                   Role role) {
  return style.paint(Role::dim, fmt::format("{:>{}}", line, layout.number_width)) + " " + style.paint(role, sign);
}

LineSpan lines_of(const Source& source, ByteRange range) {
  const auto text = source.text();
  auto end = std::min(range.end, text.size());
  const auto begin = std::min(range.begin, text.size());
  while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
  const auto first = source.line_column({begin}).line;
  const auto last = end > begin ? source.line_column({end - 1}).line : first;
  return {first, last};
}

std::vector<std::string> render_snippet(const Source& source, std::span<const Mark> marks, const SnippetLayout& layout,
                                        const Style& style) {
  return Snippet(source, marks, layout, style).render();
}

}  // namespace migrate::ui
