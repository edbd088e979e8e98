#include "revision/section_options.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

constexpr std::string_view irreversible_word = "irreversible";
enum class Option { transaction, lock_timeout, statement_timeout, retry_for };
constexpr std::array<std::string_view, 4> option_names = {"transaction", "lock_timeout", "statement_timeout",
                                                          "retry_for"};

class OptionReader {
 public:
  OptionReader(const SourcePtr& source, const Marker& marker) : source_(source), marker_(marker) {}

  ParsedOptions read() && {
    ByteRange rest = marker_.arguments;
    while (!rest.empty()) {
      const auto word = first_word(source_->text(), rest);
      rest = trimmed(source_->text(), {word.end, rest.end});
      if (equals_ignoring_case(irreversible_of(word), irreversible_word)) {
        read_irreversible(word, rest);
        break;
      }
      read_option(word);
    }
    return std::move(result_);
  }

 private:
  /// "irreversible:" is written as naturally as "irreversible".
  [[nodiscard]] std::string_view irreversible_of(ByteRange word) const {
    auto text = source_->text(word);
    if (text.ends_with(':')) text.remove_suffix(1);
    return text;
  }

  void read_irreversible(ByteRange word, ByteRange rest) {
    if (marker_.kind == Marker::Kind::upgrade) {
      return complain(error("invalid-option", "`irreversible` is said of a downgrade")
                          .at(source_, word)
                          .help("move it to the line `-- migrate:downgrade irreversible`"));
    }
    result_.irreversible = word;
    auto reason = source_->text(rest);
    while (reason.starts_with(':') || reason.starts_with('-')) reason = trim(reason.substr(1));
    if (reason.starts_with('(') && reason.ends_with(')')) reason = trim(reason.substr(1, reason.size() - 2));
    result_.reason = reason;
  }

  void read_option(ByteRange word) {
    const auto text = source_->text(word);
    const auto sign = text.find('=');
    const auto name = text.substr(0, sign);
    const auto option = std::find(option_names.begin(), option_names.end(), to_lower_ascii(name));
    if (sign == std::string_view::npos || option == option_names.end()) return complain(unknown_option(word, name));

    const auto index = static_cast<std::size_t>(option - option_names.begin());
    if (std::exchange(given_[index], true)) {
      return complain(error("invalid-option", fmt::format("`{}` stands here twice", *option))
                          .at(source_, word)
                          .help("leave one out"));
    }
    const ByteRange value{word.begin + sign + 1, word.end};
    switch (static_cast<Option>(index)) {
      case Option::transaction: return read_transaction(value);
      case Option::lock_timeout: return read_duration(value, result_.options.lock_timeout);
      case Option::statement_timeout: return read_duration(value, result_.options.statement_timeout);
      case Option::retry_for: return read_duration(value, result_.options.retry_for);
    }
  }

  void read_transaction(ByteRange value) {
    result_.options.transaction_none = equals_ignoring_case(source_->text(value), "none");
    if (result_.options.transaction_none) return;
    complain(error("invalid-option", fmt::format("`transaction` can only be `none`, not `{}`", source_->text(value)))
                 .at(source_, value)
                 .help("without it a section is one transaction, as far as its statements allow it"));
  }

  void read_duration(ByteRange value, std::optional<std::chrono::milliseconds>& duration) {
    duration = parse_duration(source_->text(value));
    if (duration) return;
    complain(error("invalid-option", fmt::format("`{}` is not a time", source_->text(value)))
                 .at(source_, value)
                 .help("write 500ms, 5s, 2min or 1h; 0 is no limit"));
  }

  [[nodiscard]] Diagnostic unknown_option(ByteRange word, std::string_view name) const {
    if (equals_ignoring_case(source_->text(word), "transaction:false")) {
      return error("invalid-option", "`transaction:false` is how dbmate says it")
          .at(source_, word)
          .help("write `transaction=none`", {Edit{source_, word, "transaction=none"}});
    }
    auto diagnostic =
        error("invalid-option", fmt::format("`{}` is not an option of a section", name)).at(source_, word);
    static const std::vector<std::string> names = {"transaction", "lock_timeout", "statement_timeout", "retry_for",
                                                   "irreversible"};
    if (const auto meant = nearest(name, names)) {
      const std::string how = *meant == irreversible_word ? *meant : *meant + "=...";
      return std::move(diagnostic).help(fmt::format("did you mean `{}`?", how));
    }
    return std::move(diagnostic)
        .help(
            "options are `transaction=none`, `lock_timeout=5s`, `retry_for=10min`, `statement_timeout=1min` and "
            "`irreversible`");
  }

  void complain(Diagnostic diagnostic) { result_.diagnostics.push_back(std::move(diagnostic)); }

  const SourcePtr& source_;
  const Marker& marker_;
  std::array<bool, option_names.size()> given_{};
  ParsedOptions result_;
};

}  // namespace

ParsedOptions parse_section_options(const SourcePtr& source, const Marker& marker) {
  return OptionReader(source, marker).read();
}

}  // namespace migrate::revision
