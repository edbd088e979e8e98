#include <migrate/ui/diagnostic_text.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ui/painted.hpp"
#include "ui/patch.hpp"
#include "ui/printable.hpp"
#include "ui/snippet.hpp"

namespace migrate::ui {
namespace {

Role role_of(Severity severity) {
  switch (severity) {
    case Severity::note: return Role::id;
    case Severity::warning: return Role::warning;
    case Severity::error: return Role::error;
  }
  return Role::error;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

/// A note with this label closes the diagnostic, after the help.
constexpr std::string_view closing_label = "more";

/// The marks of one source.
struct MarkedSource {
  SourcePtr source;
  std::vector<Mark> marks;
};

std::vector<MarkedSource> marked_sources(const Diagnostic& diagnostic) {
  std::vector<MarkedSource> sources;
  const auto add = [&](const Label& label, bool primary) {
    if (!label.source) return;
    auto found = std::find_if(sources.begin(), sources.end(),
                              [&](const MarkedSource& marked) { return marked.source == label.source; });
    if (found == sources.end()) found = sources.insert(sources.end(), {label.source, {}});
    found->marks.push_back({label.range, label.text, primary, primary ? role_of(diagnostic.severity) : Role::id});
  };
  if (diagnostic.primary) add(*diagnostic.primary, true);
  for (const auto& label : diagnostic.secondary) add(label, false);
  return sources;
}

/// The edits of a help, by source, in the order of their first mention.
std::vector<std::vector<Edit>> by_source(const std::vector<Edit>& edits) {
  std::vector<std::vector<Edit>> groups;
  for (const auto& edit : edits) {
    if (!edit.source) continue;
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const std::vector<Edit>& group) { return group[0].source == edit.source; });
    if (found == groups.end())
      groups.push_back({edit});
    else
      found->push_back(edit);
  }
  return groups;
}

std::size_t last_line_shown(const Diagnostic& diagnostic) {
  std::size_t last = 0;
  for (const auto& [source, marks] : marked_sources(diagnostic)) {
    for (const auto& mark : marks) last = std::max(last, lines_of(*source, mark.range).last);
  }
  for (const auto& help : diagnostic.helps) {
    for (const auto& edits : by_source(help.edits)) last = std::max(last, last_line_of_patch(*edits[0].source, edits));
  }
  return last;
}

SnippetLayout layout_of(const Diagnostic& diagnostic, const Style& style) {
  // Where nobody sees an edge, lines that an editor would still show whole are kept whole.
  constexpr std::size_t off_screen_width = 120;
  constexpr std::size_t least_width = 40;
  SnippetLayout layout;
  layout.number_width = std::max<std::size_t>(2, fmt::formatted_size("{}", last_line_shown(diagnostic)));
  const auto gutter_width = layout.number_width + 3;
  layout.line_width =
      style.live ? std::max(least_width, style.width - std::min(style.width, gutter_width)) : off_screen_width;
  return layout;
}

class Renderer {
 public:
  Renderer(const Diagnostic& diagnostic, const Style& style, std::string_view base_directory)
      : diagnostic_(diagnostic),
        style_(style),
        base_directory_(base_directory),
        layout_(layout_of(diagnostic, style)) {}

  std::string render() {
    heading();
    snippets();
    for (const auto& note : diagnostic_.notes) {
      if (note.label != closing_label) add_note(note);
    }
    for (const auto& help : diagnostic_.helps) add_help(help);
    for (const auto& note : diagnostic_.notes) {
      if (note.label == closing_label) add_note(note);
    }
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { text_.append(text).append("\n"); }

  /// A "|" between a snippet and what follows it.
  void close_snippet() {
    if (after_snippet_) line(gutter(layout_, style_));
    after_snippet_ = false;
  }

  /// `start` and the first of `lines` beside it; the others are indented.
  void paragraph(std::string start, std::span<const std::string> lines, std::size_t indentation, Role role) {
    for (const auto& part : lines) {
      line(part.empty() ? "" : start + style_.paint(role, part));
      start = std::string(indentation, ' ');
    }
  }

  [[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t indentation) const {
    constexpr std::size_t least_width = 20;
    return wrap(text, style_.live ? std::max(least_width, style_.width - std::min(style_.width, indentation)) : 0);
  }

  void heading() {
    const auto name = name_of(diagnostic_.severity);
    const auto id = printable(diagnostic_.id);
    const auto start = id.empty() ? std::string(name) : fmt::format("{}[{}]", name, id);
    constexpr std::size_t indentation = 4;
    // Not wrapped: one line that can be searched for and copied.
    paragraph(style_.paint(role_of(diagnostic_.severity), start) + style_.paint(Role::bold, ":") + " ",
              wrap(diagnostic_.message, 0), indentation, Role::bold);
  }

  [[nodiscard]] std::string shown_path(std::string_view path) const {
    const auto base =
        base_directory_.ends_with('/') ? base_directory_.substr(0, base_directory_.size() - 1) : base_directory_;
    if (!base.empty() && path.starts_with(base) && path.substr(base.size()).starts_with('/'))
      path.remove_prefix(base.size() + 1);
    return printable(path);
  }

  void arrow(std::string_view sign, std::string_view place) {
    line(std::string(layout_.number_width, ' ') + style_.paint(Role::dim, sign) + " " + std::string(place));
  }

  void place_line(std::string_view sign, const Source& source, std::size_t byte) {
    const auto place = source.line_column({byte});
    arrow(sign, fmt::format("{}:{}:{}", shown_path(source.path()), place.line, place.column));
  }

  void snippets() {
    const bool has_place = diagnostic_.primary && diagnostic_.primary->source;
    if (!has_place && !diagnostic_.file.empty()) arrow("-->", shown_path(diagnostic_.file));
    std::string_view sign = has_place ? "-->" : ":::";
    for (const auto& [source, marks] : marked_sources(diagnostic_)) {
      if (after_snippet_) line(gutter(layout_, style_));
      place_line(sign, *source, marks.front().range.begin);
      for (const auto& row : render_snippet(*source, marks, layout_, style_)) line(row);
      after_snippet_ = true;
      sign = ":::";
    }
  }

  void add_note(const Note& note) {
    close_snippet();
    const auto label = printable(note.label);
    const auto indentation = layout_.number_width + 1 + std::string_view("= : ").size() + display_width(label);
    paragraph(std::string(layout_.number_width + 1, ' ') + style_.paint(Role::dim, "=") + " " +
                  style_.paint(Role::bold, label + ":") + " ",
              wrapped(note.text, indentation), indentation, Role::plain);
  }

  void add_help(const Help& help) {
    close_snippet();
    constexpr std::string_view word = "help:";
    paragraph(style_.paint(Role::ok, word) + " ", wrapped(help.message, word.size() + 1), word.size() + 1, Role::plain);
    for (const auto& edits : by_source(help.edits)) {
      const auto& source = *edits[0].source;
      if (!diagnostic_.primary || diagnostic_.primary->source != edits[0].source)
        place_line("-->", source, edits[0].range.begin);
      for (const auto& row : render_patch(source, edits, layout_, style_)) line(row);
      after_snippet_ = true;
    }
  }

  const Diagnostic& diagnostic_;
  const Style& style_;
  std::string_view base_directory_;
  SnippetLayout layout_;
  std::string text_;
  bool after_snippet_ = false;
};

}  // namespace

std::string render_diagnostic(const Diagnostic& diagnostic, const Style& style, std::string_view base_directory) {
  return Renderer(diagnostic, style, base_directory).render();
}

std::string render_diagnostics(std::span<const Diagnostic> diagnostics, const Style& style,
                               std::string_view base_directory) {
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    if (!text.empty()) text += '\n';
    text += render_diagnostic(diagnostic, style, base_directory);
  }
  return text;
}

}  // namespace migrate::ui
