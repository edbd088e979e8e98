/// \file
/// File names of revisions from a template: `{date:%Y%m%d%H%M%S}_{slug}`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/time.hpp>
#include <migrate/revision/revision_id.hpp>

namespace migrate::revision {

/// Fields: {rev} {slug} {date:STRFTIME} {epoch} {seq:WIDTH} {day_seq:WIDTH}. A '/' makes subfolders. STRFTIME is of
/// %Y %m %d %H %M %S %j; {date} alone is {date:%Y%m%d%H%M%S}, {seq} and {day_seq} alone are three wide.
class FileNameTemplate {
 public:
  /// A template, or the name of a preset: `timestamp` ({date:%Y%m%d%H%M%S}_{slug}), `sequence` ({seq:3}_{slug}),
  /// `date-sequence` ({date:%Y%m%d}_{day_seq:4}_{slug}), `alembic` ({rev}_{slug}). Errors: `invalid-file-template`.
  static Result<FileNameTemplate> parse(std::string_view text);

  struct Values {
    RevisionId id;
    std::string message;
    Timestamp date;
  };
  /// The path below the migrations folder, with ".sql". `existing` (paths below that folder) give seq and day_seq
  /// their next number: one more than the highest that stands where the template has it.
  [[nodiscard]] std::string render(const Values& values, std::span<const std::string> existing) const;

  /// Does a path look as if this template had made it? For lint: the header is the truth, the name a convention.
  [[nodiscard]] bool matches(std::string_view path) const;

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  /// A piece of the template: literal text, or a field with its pattern or width.
  struct Piece {
    enum class Kind { literal, rev, slug, date, epoch, seq, day_seq };
    Kind kind;
    std::string text;
    std::size_t width = 0;
  };
  class Parser;
  class Matcher;

  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace migrate::revision
