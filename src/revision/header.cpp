#include "revision/header.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "revision/header_key.hpp"
#include "revision/header_value.hpp"
#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

class HeaderParser {
 public:
  explicit HeaderParser(const SourcePtr& source) : source_(source), text_(source->text()) {}

  ParsedHeader parse() && {
    while (at_ < text_.size() && !result_.first_section) take_line();
    finish();
    return std::move(result_);
  }

 private:
  /// Where the next comment line stands: the metadata is one block of keys, prose is what is not.
  enum class Zone { message, before_block, block, after_block };

  void take_line() {
    const auto line = line_at(text_, at_);
    const auto content = trimmed(text_, line.range);
    at_ = line.next;
    if (content.empty()) return end_block();
    if (const auto comment = comment_content(text_, content)) return take_comment(content, *comment);
    if (text_.substr(content.begin, 2) == "/*") return skip_block_comment(content.begin);
    if (!result_.text_before && !in_unknown_section_) result_.text_before = content;
  }

  void skip_block_comment(std::size_t begin) {
    end_block();
    const auto end = block_comment_end(text_, begin);
    if (!end) {
      complain(error("unterminated-comment", "a `/*` comment does not end").at(source_, {begin, begin + 2}));
      at_ = text_.size();
      return;
    }
    at_ = *end;  // what follows on the line is read as a line of its own
  }

  void take_comment(ByteRange line, ByteRange comment) {
    if (const auto marker = marker_of(text_, line, comment)) return take_marker(*marker);
    if (zone_ == Zone::message) {
      zone_ = Zone::before_block;
      message_ = comment;
      result_.header.message = comment.of(text_);
    } else if (comment.empty()) {
      end_block();
    } else if (!take_key(comment)) {
      if (zone_ == Zone::block) zone_ = Zone::after_block;
      add_prose(line);
    }
  }

  void take_marker(const Marker& marker) {
    if (marker.opens_section() && !marker.blank_before_word) {
      result_.first_section = marker;
    } else if (marker.kind == Marker::Kind::allow) {
      take_allowance(marker);
    } else if (marker.kind == Marker::Kind::batch || marker.kind == Marker::Kind::assert_) {
      complain(error("misplaced-directive",
                     fmt::format("`migrate:{}` stands over a statement, not in the header", marker.word.of(text_)))
                   .at(source_, marker.line)
                   .help("move it into a section, directly over its statement"));
    } else {
      in_unknown_section_ = true;
      complain(unknown_marker(source_, marker));
    }
  }

  void take_allowance(const Marker& marker) {
    const auto rule = first_word(text_, marker.arguments);
    if (rule.empty()) {
      return complain(error("invalid-directive", "`migrate:allow` names no rule")
                          .at(source_, marker.line)
                          .help("write `-- migrate:allow RULE (reason)`; `migrate lint` says which rule it was"));
    }
    auto reason = trim(text_.substr(rule.end, marker.arguments.end - rule.end));
    if (reason.starts_with('(') && reason.ends_with(')')) reason = trim(reason.substr(1, reason.size() - 2));
    result_.header.allowances.push_back({std::string(rule.of(text_)), std::string(reason), marker.line});
  }

  /// True if the line was metadata, or an error that stands for it.
  bool take_key(ByteRange comment) {
    const auto line = key_line_of(text_, comment);
    if (!line) return false;
    if (line->known) {
      take_known_key(*line->known, *line);
      return true;
    }
    if (const auto meant = one_slip_from(line->key.of(text_))) {
      complain(unknown_key(*line, std::string(name_of(*meant))));
      return true;
    }
    if (zone_ != Zone::block || !line->looks_like_key) return false;
    complain(unknown_key(*line, nearest_key(line->key.of(text_))));
    return true;
  }

  void take_known_key(HeaderKey key, const KeyLine& line) {
    auto& first = places_[static_cast<std::size_t>(key)];
    if (first) {
      return complain(error("duplicate-header-key", fmt::format("`{}` stands here twice", name_of(key)))
                          .at(source_, line.key)
                          .also(source_, *first, "the first one")
                          .help("keep one line; several values are separated by commas"));
    }
    first = line.key;
    if (zone_ == Zone::after_block) {
      return complain(error("misplaced-header-key", fmt::format("`{}` stands apart from the metadata", name_of(key)))
                          .at(source_, line.key)
                          .also(source_, block_, "the metadata is here")
                          .help("move the line up to the others: the metadata is one block of lines"));
    }
    if (zone_ != Zone::block) block_ = line.key;
    zone_ = Zone::block;
    for (auto& diagnostic : read_value(source_, key, line, result_.header)) complain(std::move(diagnostic));
  }

  Diagnostic unknown_key(const KeyLine& line, const std::optional<std::string>& meant) const {
    const auto key = line.key.of(text_);
    auto diagnostic =
        error("unknown-header-key", fmt::format("there is no header key `{}`", key)).at(source_, line.key);
    if (meant) {
      diagnostic.helps.push_back({fmt::format("did you mean `{}`?", *meant), {Edit{source_, line.key, *meant}}});
    }
    if (zone_ != Zone::block) return diagnostic;
    return std::move(diagnostic).help("a note stands below the metadata, after an empty `--` line");
  }

  void end_block() {
    if (zone_ == Zone::block) zone_ = Zone::after_block;
    prose_gap_ = !result_.header.prose.empty();
  }

  void add_prose(ByteRange line) {
    auto& prose = result_.header.prose;
    if (!prose.empty()) prose += '\n';
    if (std::exchange(prose_gap_, false)) prose += '\n';
    auto content = text_.substr(line.begin + 2, line.size() - 2);
    if (content.starts_with(' ')) content.remove_prefix(1);
    prose += content;
  }

  void finish() {
    const auto given = [this](HeaderKey key) { return places_[static_cast<std::size_t>(key)].has_value(); };
    const bool has_id = given(HeaderKey::revision_id);
    const bool has_parents = given(HeaderKey::revises);
    if (has_id && has_parents) return;
    const auto in_message = message_ ? key_line_of(text_, *message_) : std::nullopt;
    if (in_message && in_message->known && !given(*in_message->known)) {
      return complain(error("missing-message", "the first comment line is the message, and here it is metadata")
                          .at(source_, *message_)
                          .help("write a line above it that says what the revision does"));
    }
    if (!has_id && !has_parents) return complain(missing_header());
    const auto place = *places_[static_cast<std::size_t>(has_id ? HeaderKey::revision_id : HeaderKey::revises)];
    if (!has_id) {
      complain(error("missing-revision-id", "the header has no `Revision ID`")
                   .at(source_, place)
                   .help("write `-- Revision ID: ID` beside it; ids are of letters, digits, `_` and `.`"));
    } else {
      complain(error("missing-revises", "the header has no `Revises`")
                   .at(source_, place)
                   .help("write `-- Revises: PARENT` beside it, or `-- Revises:` alone where the history begins"));
    }
  }

  [[nodiscard]] Diagnostic missing_header() const {
    return error("missing-header", "the file does not begin with a revision's header")
        .at(source_, text_.empty() ? ByteRange{} : line_at(text_, 0).range)
        .help("`migrate revision -m MESSAGE` writes a file with one");
  }

  void complain(Diagnostic diagnostic) { result_.diagnostics.push_back(std::move(diagnostic)); }

  const SourcePtr& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  Zone zone_ = Zone::message;
  std::optional<ByteRange> message_;
  ByteRange block_;
  bool prose_gap_ = false;
  bool in_unknown_section_ = false;  ///< what follows is lost with the section: one complaint is enough
  std::array<std::optional<ByteRange>, header_key_count> places_;
  ParsedHeader result_;
};

}  // namespace

ParsedHeader parse_header(const SourcePtr& source) { return HeaderParser(source).parse(); }

}  // namespace migrate::revision
