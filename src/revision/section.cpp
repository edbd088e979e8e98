#include "revision/section.hpp"

#include <utility>

#include <fmt/format.h>

#include <migrate/sql/scan.hpp>

#include "revision/section_options.hpp"
#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

class SectionParser {
 public:
  explicit SectionParser(const SourcePtr& source) : source_(source), text_(source->text()) {}

  ParsedSections parse(const Marker& first) && {
    for (std::optional<Marker> marker = first; marker;) {
      ByteRange body{line_at(text_, marker->line.begin).next, text_.size()};
      auto next = take_body(body);
      add(*marker, body);
      marker = std::move(next);
    }
    require_both();
    return std::move(result_);
  }

 private:
  /// Ends `body` at the next section's marker line, and returns that marker.
  std::optional<Marker> take_body(ByteRange& body) {
    for (Line line{{}, body.begin}; line.next < text_.size();) {
      const auto begin = line.next;
      line = line_at(text_, begin);
      const auto comment = comment_content(text_, line.range);
      if (!comment) continue;
      const auto marker = marker_of(text_, trimmed(text_, line.range), *comment);
      if (!marker || is_directive(marker->kind)) continue;
      if (!is_outside_literals(text_.substr(body.begin), marker->line.begin - body.begin)) {
        if (marker->opens_section() && !hidden_) hidden_ = marker->line;
        continue;
      }
      if (!marker->opens_section() || marker->blank_before_word) {
        complain(unknown_marker(source_, *marker));
        continue;
      }
      body.end = begin;
      return marker;
    }
    return std::nullopt;
  }

  static bool is_outside_literals(std::string_view body, std::size_t offset) {
    return is_plainly_outside(body, offset) || sql::is_between_tokens(body, ByteOffset{offset});
  }

  /// What the statements' directives say is read with the statements.
  static bool is_directive(Marker::Kind kind) {
    return kind == Marker::Kind::allow || kind == Marker::Kind::batch || kind == Marker::Kind::assert_;
  }

  void add(const Marker& marker, ByteRange body) {
    auto options = parse_section_options(source_, marker);
    for (auto& diagnostic : options.diagnostics) complain(std::move(diagnostic));
    const bool upgrade = marker.kind == Marker::Kind::upgrade;
    auto& section = upgrade ? result_.upgrade : downgrade_;
    if (section) {
      return complain(
          error("duplicate-section", fmt::format("there are two {} sections", upgrade ? "upgrade" : "downgrade"))
              .at(source_, marker.line)
              .also(source_, section->marker, "the first one")
              .help("a revision has one of each: join the two, or make two revisions of the file"));
    }
    section = Section{marker.line, body, options.options};
    if (!upgrade) result_.downgrade_text = {marker.line.begin, body.end};
    if (options.irreversible) {
      add_irreversible(marker, body, std::move(options.reason));
    } else if (!upgrade) {
      result_.downgrade = section;
    }
  }

  void add_irreversible(const Marker& marker, ByteRange body, std::string reason) {
    if (reason.empty()) reason = first_comment(body);
    if (reason.empty()) {
      complain(
          error("missing-reason", "the downgrade is irreversible, and no reason is given")
              .at(source_, marker.line)
              .help("say what cannot be brought back: `-- migrate:downgrade irreversible: the old values are gone`"));
    }
    if (const auto statement = first_statement(text_, body)) {
      complain(error("irreversible-with-statements", "the downgrade is irreversible, but has statements")
                   .at(source_, trimmed(text_, {*statement, line_at(text_, *statement).range.end}))
                   .also(source_, marker.line)
                   .help("take out the word `irreversible`, or the statements"));
    }
    result_.irreversible = Irreversible{std::move(reason)};
  }

  /// The first run of comment lines.
  [[nodiscard]] std::string first_comment(ByteRange body) const {
    std::string comment;
    for (auto at = body.begin; at < body.end;) {
      const auto line = line_at(text_, at);
      at = line.next;
      const auto content = comment_content(text_, line.range);
      if (!content && comment.empty() && trimmed(text_, line.range).empty()) continue;
      if (!content || content->empty()) break;
      if (!comment.empty()) comment += '\n';
      comment += content->of(text_);
    }
    return comment;
  }

  void require_both() {
    if (!result_.upgrade) {
      complain(error("missing-upgrade", "there is no upgrade section")
                   .at(source_, downgrade_->marker)
                   .help("put the statements that make the change below a line `-- migrate:upgrade`"));
    } else if (!downgrade_) {
      complain(missing_downgrade());
    }
  }

  [[nodiscard]] Diagnostic missing_downgrade() const {
    if (hidden_) {
      const auto scanned = sql::scan(result_.upgrade->body.of(text_));
      if (!scanned) {
        const auto at = result_.upgrade->body.begin + scanned.error().at.value;
        return error("unterminated-literal",
                     scanned.error().message.substr(0, scanned.error().message.find(" at or near")))
            .at(source_, {at, at})
            .also(source_, *hidden_, "swallows this section")
            .help("end the literal or comment before the section ends");
      }
    }
    auto diagnostic = error("missing-downgrade", "there is no downgrade section").at(source_, result_.upgrade->marker);
    if (hidden_) {
      diagnostic.secondary.push_back({source_, *hidden_, "this one stands inside a literal or comment"});
    }
    return std::move(diagnostic)
        .help("put the statements that undo the change below a line `-- migrate:downgrade`")
        .help("where nothing can undo it, say why: `-- migrate:downgrade irreversible: REASON`");
  }

  void complain(Diagnostic diagnostic) { result_.diagnostics.push_back(std::move(diagnostic)); }

  const SourcePtr& source_;
  std::string_view text_;
  std::optional<Section> downgrade_;  ///< also an irreversible one
  std::optional<ByteRange> hidden_;   ///< a section's marker that is no comment
  ParsedSections result_;
};

}  // namespace

ParsedSections parse_sections(const SourcePtr& source, const Marker& first) {
  return SectionParser(source).parse(first);
}

}  // namespace migrate::revision
