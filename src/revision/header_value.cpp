#include "revision/header_value.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "revision/name_check.hpp"
#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

/// What is wrong with a word where an id or a label should stand.
Diagnostic invalid_name(const SourcePtr& source, ByteRange range, bool label, std::string_view blank_help) {
  const auto word = source->text(range);
  const std::string id = label ? "invalid-label" : "invalid-revision-id";
  const std::string what = label ? "a label" : "a revision id";
  if (is_target_word(word)) {
    return error(id, fmt::format("`{}` cannot be {}: it is a word of targets", word, what))
        .at(source, range)
        .help(word == "base" && !label ? "a revision without parents has nothing after `Revises:`"
                                       : "choose another name");
  }
  const auto bad = forbidden_character(word).value_or("a character");
  return error(id, fmt::format("`{}` is not {}: it has {}", word, what, bad))
      .at(source, range)
      .help(bad == "a blank" ? std::string(blank_help) : "use letters, digits, `_` and `.`");
}

class ValueReader {
 public:
  ValueReader(const SourcePtr& source, const KeyLine& line) : source_(source), line_(line) {}

  void read(HeaderKey key, Header& header) {
    switch (key) {
      case HeaderKey::revision_id: return read_id(header);
      case HeaderKey::revises: return read_list(header.parents, false);
      case HeaderKey::create_date: return read_date(header);
      case HeaderKey::branch_labels: return read_list(header.labels, true);
      case HeaderKey::depends_on: return read_list(header.depends_on, false);
      case HeaderKey::transaction: return read_transaction(header);
    }
  }
  Diagnostics take_diagnostics() && { return std::move(diagnostics_); }

 private:
  [[nodiscard]] std::string_view value() const { return source_->text(line_.value); }

  void read_id(Header& header) {
    if (value().empty()) {
      complain(error("missing-revision-id", "`Revision ID` has no value")
                   .at(source_, line_.key)
                   .help("write an id of letters, digits, `_` and `.` after it"));
    } else if (!RevisionId::is_valid(value())) {
      complain(invalid_name(source_, line_.value, false, "a revision has one id; a remark goes below the metadata"));
    } else {
      header.id = {RevisionId(std::string(value())), line_.value};
    }
  }

  void read_date(Header& header) {
    header.create_date = parse_timestamp(value());
    if (header.create_date) return;
    complain(error("invalid-create-date", value().empty() ? std::string("`Create Date` has no value")
                                                          : fmt::format("`{}` is not a date", value()))
                 .at(source_, value().empty() ? line_.key : line_.value)
                 .help("write it as 2026-02-26T12:00:00Z"));
  }

  void read_transaction(Header& header) {
    header.transaction_none = equals_ignoring_case(value(), "none");
    if (header.transaction_none) return;
    complain(error("invalid-header-value", value().empty()
                                               ? std::string("`Transaction` has no value")
                                               : fmt::format("`Transaction` is `none` or left out, not `{}`", value()))
                 .at(source_, value().empty() ? line_.key : line_.value)
                 .help("without the line a revision is one transaction, as far as its statements allow it"));
  }

  /// Items between commas. No items at all is well: `Revises:` alone is a base.
  template <class T>
  void read_list(std::vector<Located<T>>& items, bool labels) {
    if (line_.value.empty()) return;
    auto begin = line_.value.begin;
    for (;;) {
      const auto comma = std::min(source_->text().find(',', begin), line_.value.end);
      read_item(items, trimmed(source_->text(), {begin, comma}), labels);
      if (comma == line_.value.end) return;
      begin = comma + 1;
    }
  }

  template <class T>
  void read_item(std::vector<Located<T>>& items, ByteRange range, bool labels) {
    const auto word = source_->text(range);
    if (word.empty()) {
      return complain(error("invalid-header-value", "a comma with nothing beside it")
                          .at(source_, {range.begin, range.begin})
                          .help("a list stands on one line, with one comma between two names"));
    }
    if (!RevisionId::is_valid(word))
      return complain(
          invalid_name(source_, range, labels, "separate several with commas; a remark goes below the metadata"));
    const auto same =
        std::find_if(items.begin(), items.end(), [&](const auto& item) { return source_->text(item.range) == word; });
    if (same != items.end()) {
      return complain(error("duplicate-header-value", fmt::format("`{}` stands here twice", word))
                          .at(source_, range)
                          .also(source_, same->range, "the first one")
                          .help("leave one out"));
    }
    items.push_back({T(std::string(word)), range});
  }

  void complain(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

  const SourcePtr& source_;
  const KeyLine& line_;
  Diagnostics diagnostics_;
};

}  // namespace

Diagnostics read_value(const SourcePtr& source, HeaderKey key, const KeyLine& line, Header& header) {
  ValueReader reader(source, line);
  reader.read(key, header);
  return std::move(reader).take_diagnostics();
}

}  // namespace migrate::revision
