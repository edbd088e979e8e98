#include "ui/patch.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

#include "ui/window.hpp"

namespace migrate::ui {
namespace {

/// Edits on neighbouring lines, and these lines before and after.
struct Hunk {
  std::size_t first_line = 1;      // of the old text
  std::size_t new_first_line = 1;  // of the new one
  std::vector<std::string_view> old_lines;
  std::vector<std::string> new_lines;
};

std::vector<Edit> in_order(const Source& source, std::span<const Edit> edits) {
  std::vector<Edit> sorted(edits.begin(), edits.end());
  for (auto& edit : sorted) {
    edit.range.begin = std::min(edit.range.begin, source.text().size());
    edit.range.end = std::clamp(edit.range.end, edit.range.begin, source.text().size());
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Edit& a, const Edit& b) { return a.range < b.range; });
  std::vector<Edit> kept;
  for (auto& edit : sorted) {
    if (kept.empty() || edit.range.begin >= kept.back().range.end) kept.push_back(std::move(edit));
  }
  return kept;
}

std::vector<std::string> lines_of_text(std::string_view text) {
  std::vector<std::string> lines;
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  return lines;
}

/// What the lines from `first` to `last` become. Requires: the edits lie in them.
std::vector<std::string> apply(const Source& source, std::span<const Edit> edits, std::size_t first, std::size_t last) {
  const auto end = source.line_range(last).end;
  auto at = source.line_range(first).begin;
  std::string text;
  for (const auto& edit : edits) {
    text += source.text({at, std::max(at, edit.range.begin)});
    text += edit.replacement;
    at = std::max(at, edit.range.end);
  }
  if (at < end) text += source.text({at, end});
  return lines_of_text(text);
}

std::vector<Hunk> hunks_of(const Source& source, std::span<const Edit> edits) {
  const auto sorted = in_order(source, edits);
  std::vector<Hunk> hunks;
  std::size_t new_offset = 0;  // lines that hunks before have added, less those they took; wraps round where negative
  for (std::size_t begin = 0; begin < sorted.size();) {
    const auto first = source.line_column({sorted[begin].range.begin}).line;
    auto last = source.line_column({sorted[begin].range.end}).line;
    auto end = begin + 1;
    for (; end < sorted.size(); ++end) {
      if (source.line_column({sorted[end].range.begin}).line > last + 1) break;
      last = std::max(last, source.line_column({sorted[end].range.end}).line);
    }
    Hunk hunk{.first_line = first, .new_first_line = first + new_offset, .old_lines = {}, .new_lines = {}};
    for (auto line = first; line <= last; ++line) hunk.old_lines.push_back(source.text(source.line_range(line)));
    hunk.new_lines = apply(source, std::span(sorted).subspan(begin, end - begin), first, last);
    new_offset += hunk.new_lines.size() - hunk.old_lines.size();
    hunks.push_back(std::move(hunk));
    begin = end;
  }
  return hunks;
}

enum class Fate { stays, goes, comes };

/// The least change from the old lines to the new ones. Of equal lines the later ones stay: what is added at the end
/// of a text then comes before the empty line that its last line end makes.
std::vector<Fate> fates_of(const Hunk& hunk) {
  const auto rows = hunk.old_lines.size();
  const auto columns = hunk.new_lines.size();
  // common[i][j]: how many lines from old line i and new line j on can stay.
  std::vector<std::vector<std::size_t>> common(rows + 1, std::vector<std::size_t>(columns + 1, 0));
  for (auto i = rows; i-- > 0;) {
    for (auto j = columns; j-- > 0;) {
      common[i][j] = hunk.old_lines[i] == hunk.new_lines[j] ? common[i + 1][j + 1] + 1
                                                            : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<Fate> fates;
  for (std::size_t i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && common[i + 1][j] == common[i][j]) {
      fates.push_back(Fate::goes);
      ++i;
    } else if (j < columns && common[i][j + 1] == common[i][j]) {
      fates.push_back(Fate::comes);
      ++j;
    } else {
      fates.push_back(Fate::stays);
      ++i;
      ++j;
    }
  }
  return fates;
}

class PatchLines {
 public:
  PatchLines(const SnippetLayout& layout, const Style& style) : layout_(layout), style_(style) {}

  void add(std::size_t number, std::string_view sign, Role role, std::string_view line, std::size_t changed_at = 0) {
    const LineWindow window(line, changed_at, changed_at + 1, layout_.line_width);
    const auto text = std::string_view(window.text()).substr(0, window.text().find_last_not_of(' ') + 1);
    auto row = gutter(layout_, style_, number, sign, role);
    if (!text.empty()) row.append(" ").append(text);
    rows.push_back(std::move(row));
  }

  std::vector<std::string> rows;

 private:
  const SnippetLayout& layout_;
  const Style& style_;
};

std::size_t first_difference(std::string_view a, std::string_view b) {
  const auto end = std::min(a.size(), b.size());
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(end), b.begin()).first - a.begin());
}

/// Shows a hunk run by run: lines that stay, then lines that go and those that come in their place.
class HunkRenderer {
 public:
  HunkRenderer(const Hunk& hunk, PatchLines& lines) : hunk_(hunk), lines_(lines), fates_(fates_of(hunk)) {}

  void render() {
    while (at_ < fates_.size()) {
      const auto stay = run(Fate::stays);
      const auto go = run(Fate::goes);
      const auto come = run(Fate::comes);
      add_staying(stay, go + come == 0);
      add_changed(go, come);
      lone_addition_ = go == 0 && come > 0;
      old_ += go;
      new_ += come;
    }
  }

 private:
  std::size_t run(Fate fate) {
    const auto begin = at_;
    while (at_ < fates_.size() && fates_[at_] == fate) ++at_;
    return at_ - begin;
  }

  void add_new(std::size_t index, std::string_view sign, Role role, std::size_t changed_at = 0) {
    lines_.add(hunk_.new_first_line + index, sign, role, hunk_.new_lines[index], changed_at);
  }

  /// Between two changes a single line is shown, more are dots. Below an added line the next one is shown, so that it
  /// is seen what it stands before; the empty line after a text's last line end tells nothing.
  void add_staying(std::size_t count, bool last) {
    if (count > 0 && !first_ && (count == 1 || lone_addition_) && (!last || lone_addition_)) {
      if (!(last && hunk_.new_lines[new_].empty())) add_new(new_, "|", Role::dim);
      if (count > 1 && !last) lines_.rows.emplace_back("...");
    } else if (count > 1 && !first_ && !last) {
      lines_.rows.emplace_back("...");
    }
    old_ += count;
    new_ += count;
    first_ = false;
  }

  void add_changed(std::size_t go, std::size_t come) {
    if (go == come) {
      for (std::size_t i = 0; i < go; ++i)
        add_new(new_ + i, "~", Role::ok, first_difference(hunk_.old_lines[old_ + i], hunk_.new_lines[new_ + i]));
      return;
    }
    for (std::size_t i = 0; i < go; ++i)
      lines_.add(hunk_.first_line + old_ + i, "-", Role::error, hunk_.old_lines[old_ + i]);
    for (std::size_t i = 0; i < come; ++i) add_new(new_ + i, "+", Role::ok);
  }

  const Hunk& hunk_;
  PatchLines& lines_;
  std::vector<Fate> fates_;
  std::size_t at_ = 0, old_ = 0, new_ = 0;
  bool first_ = true;
  bool lone_addition_ = false;
};

}  // namespace

std::vector<std::string> render_patch(const Source& source, std::span<const Edit> edits, const SnippetLayout& layout,
                                      const Style& style) {
  PatchLines lines(layout, style);
  lines.rows.push_back(gutter(layout, style));
  for (const auto& hunk : hunks_of(source, edits)) {
    if (lines.rows.size() > 1) lines.rows.emplace_back("...");
    HunkRenderer(hunk, lines).render();
  }
  return std::move(lines.rows);
}

std::size_t last_line_of_patch(const Source& source, std::span<const Edit> edits) {
  std::size_t last = 0;
  for (const auto& hunk : hunks_of(source, edits)) {
    last =
        std::max({last, hunk.first_line + hunk.old_lines.size() - 1, hunk.new_first_line + hunk.new_lines.size() - 1});
  }
  return last;
}

}  // namespace migrate::ui
