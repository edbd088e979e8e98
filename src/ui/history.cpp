#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/graph_drawing.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/pad.hpp"
#include "ui/painted.hpp"
#include "ui/printable.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {
namespace {

constexpr std::size_t narrowest_message = 20;
constexpr std::size_t widest_message = 60;

std::string glyph_of(const ops::RevisionLine& line, const Style& style) {
  if (!line.journal) return "o";
  if (line.journal->state != db::RevisionState::applied) return style.paint(Role::error, "x");
  return line.current ? style.paint(Role::ok, "@") : "*";
}

std::vector<GraphRow> rows_of(const std::vector<ops::RevisionLine>& lines, const Style& style) {
  std::unordered_map<std::string, std::uint32_t> numbers;
  const auto number = [&numbers](const revision::RevisionId& id) {
    return numbers.emplace(id.str(), static_cast<std::uint32_t>(numbers.size())).first->second;
  };
  std::vector<GraphRow> rows;
  rows.reserve(lines.size());
  for (const auto& line : lines) {
    GraphRow row{.node = number(line.revision.id), .parents = {}, .glyph = glyph_of(line, style), .lines = {}};
    for (const auto& parent : line.parents) row.parents.push_back(number(parent));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// What stands right of id and message, and the columns that all lines share although their graphs differ in width.
struct Columns {
  std::size_t id = 0;
  std::size_t message_end = 0;  // from the left edge, the graph counted
  std::size_t marks = 0;
  std::size_t date = 0;
};

std::string tail_of(const ops::RevisionLine& line, Timestamp now, const Columns& columns, const Style& style) {
  std::string text = pad(marks_of(line), columns.marks);
  if (columns.marks > 0) text += "  ";
  text += style.paint(Role::dim,
                      pad(line.create_date && columns.date > 0 ? format_date(*line.create_date) : "", columns.date));
  if (line.journal) text += (columns.date > 0 ? "  " : "") + style.paint(Role::dim, state_of(*line.journal, now));
  return text;
}

Columns measure(const ops::HistoryOutcome& outcome, std::span<const std::size_t> text_columns, const Style& style) {
  Columns columns;
  for (const auto& line : outcome.revisions) {
    columns.id = std::max(columns.id, line.revision.id.str().size());
    columns.marks = std::max(columns.marks, display_width(marks_of(line)));
    if (line.create_date) columns.date = format_date(*line.create_date).size();
  }
  std::size_t leftmost = 0;
  for (std::size_t i = 0; i < outcome.revisions.size(); ++i) {
    const auto& line = outcome.revisions[i];
    const std::size_t message = std::min(widest_message, display_width(printable(line.revision.message)));
    const std::size_t begin = text_columns[i] + columns.id + 2;
    columns.message_end = std::max(columns.message_end, begin + message);
    leftmost = std::max(leftmost, begin);
  }
  const auto widest = [&] {
    std::size_t width = 0;
    for (const auto& line : outcome.revisions) {
      width = std::max(width, painted_width(tail_of(line, outcome.now, columns, style)));
    }
    return width;
  };
  std::size_t widest_tail = widest();
  // A terminal's lines are kept whole by cutting messages; a pipe gets everything.
  if (style.live && columns.message_end + 2 + widest_tail > style.width) {
    if (leftmost + narrowest_message + 2 + widest_tail > style.width) {
      columns.date = 0;
      widest_tail = widest();
    }
    const std::size_t room = style.width > widest_tail + 2 ? style.width - widest_tail - 2 : 0;
    columns.message_end = std::max(room, leftmost + narrowest_message);
  }
  return columns;
}

std::string text_of(const ops::RevisionLine& line, std::size_t text_column, const ops::HistoryOutcome& outcome,
                    const Columns& columns, const Style& style) {
  std::string message = printable(line.revision.message);
  const std::size_t room = columns.message_end - text_column - columns.id - 2;
  if (style.live) message = ellipsize(message, room);
  std::string text = style.paint(Role::id, pad(line.revision.id.str(), columns.id)) + "  " + pad(message, room) + "  " +
                     tail_of(line, outcome.now, columns, style);
  while (text.ends_with(' ')) text.pop_back();
  return style.live && style.width > text_column ? cut_painted(text, style.width - text_column) : text;
}

std::string render(const ops::HistoryOutcome& outcome, const Style& style, GraphChoice graph, bool verbose) {
  auto rows = rows_of(outcome.revisions, style);
  const bool drawn = graph != GraphChoice::none;
  constexpr std::size_t glyph_and_gap = 3;
  const auto text_columns = drawn ? graph_text_columns(rows) : std::vector<std::size_t>(rows.size(), glyph_and_gap);
  const Columns columns = measure(outcome, text_columns, style);
  std::string flat;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& lines = rows[i].lines;
    lines.push_back(text_of(outcome.revisions[i], text_columns[i], outcome, columns, style));
    if (verbose) {
      for (const auto& detail : details_of(outcome.revisions[i]))
        lines.push_back("    " + style.paint(Role::dim, detail));
      lines.emplace_back();
    }
    if (drawn) continue;
    flat += rows[i].glyph + "  " + lines.front() + "\n";
    for (std::size_t line = 1; line < lines.size(); ++line)
      flat += (lines[line].empty() ? "" : "   " + lines[line]) + "\n";
  }
  if (!drawn) return flat;
  Style pen = style;
  pen.unicode = graph == GraphChoice::unicode;
  return draw_graph(rows, pen);
}

}  // namespace

ExitCode show(Output& output, const Result<ops::HistoryOutcome>& result, GraphChoice graph) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json body = {{"revisions", to_json(result->revisions)}, {"left_out", result->left_out}};
    body["database"] = result->database ? to_json(*result->database) : Json();
    if (!result->why_not_asked.empty()) body["database_not_asked"] = result->why_not_asked;
    return answer(output, std::move(body), ExitCode::ok);
  }
  if (!result->why_not_asked.empty()) output.progress(not_asked_note(result->why_not_asked));
  output.text(render(*result, output.options().out, graph, output.options().verbosity > 0));
  if (result->left_out > 0) output.progress(fmt::format("{} not shown", plural(result->left_out, "older revision")));
  if (result->revisions.empty()) output.progress("no revisions");
  return ExitCode::ok;
}

}  // namespace migrate::ui
