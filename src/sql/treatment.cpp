#include <migrate/sql/treatment.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "sql/batch_shape.hpp"
#include "sql/pg_query.hpp"

namespace migrate::sql {
namespace {

constexpr std::size_t most_rows = 1'000'000'000;
constexpr std::array<std::string_view, 3> batch_options = {"rows", "pause", "max_lag"};
constexpr std::string_view repeat_word = "repeat";

// The words behind the directive's name, with their places.
std::vector<ByteRange> words_of(const SourcePtr& source, const Directive& directive) {
  const std::string_view text = source->text();
  std::vector<ByteRange> words;
  const std::string_view line = directive.range.of(text);
  std::size_t at =
      directive.range.begin + (directive.arguments.empty() ? line.size() : line.rfind(directive.arguments));
  const auto is_blank = [&](std::size_t i) { return text[i] == ' ' || text[i] == '\t' || text[i] == '\r'; };
  while (at < directive.range.end) {
    while (at < directive.range.end && is_blank(at)) ++at;
    const std::size_t begin = at;
    while (at < directive.range.end && !is_blank(at)) ++at;
    if (begin < at) words.push_back({begin, at});
  }
  return words;
}

class BatchReader {
 public:
  BatchReader(const SourcePtr& source, const Directive& directive) : source_(source), directive_(directive) {}

  Result<Batch> read() && {
    for (const ByteRange word : words_of(source_, directive_)) read_word(word);
    if (batch_.repeat && rows_given_) {
      complain(
          error("invalid-directive", "`rows` and `repeat` exclude each other")
              .at(source_, directive_.range)
              .note("with `rows` a table is walked along its key; with `repeat` the statement's own LIMIT bounds it"));
    }
    if (!problems_.empty()) return fail(Failure(std::move(problems_)));
    return std::move(batch_);
  }

 private:
  void read_word(ByteRange word) {
    const std::string_view text = source_->text(word);
    if (equals_ignoring_case(text, repeat_word)) {
      batch_.repeat = true;
      return;
    }
    const auto sign = text.find('=');
    const std::string name = to_lower_ascii(text.substr(0, sign));
    if (sign == std::string_view::npos ||
        std::find(batch_options.begin(), batch_options.end(), name) == batch_options.end()) {
      return complain(unknown_option(word, name));
    }
    const ByteRange value{word.begin + sign + 1, word.end};
    if (name == "rows") return read_rows(value);
    read_duration(value, name == "pause" ? batch_.pause : batch_.max_lag);
  }

  void read_rows(ByteRange value) {
    const std::string_view text = source_->text(value);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), batch_.rows);
    rows_given_ = true;
    const bool number = problem == std::errc() && end == text.data() + text.size();
    if (number && batch_.rows > 0 && batch_.rows <= most_rows) return;
    complain(error("invalid-directive", fmt::format("`{}` is not a number of rows", text))
                 .at(source_, value.empty() ? directive_.range : value)
                 .help("write `rows=5000`: so many rows of the table in each transaction"));
  }

  void read_duration(ByteRange value, std::optional<std::chrono::milliseconds>& duration) {
    duration = parse_duration(source_->text(value));
    if (duration) return;
    complain(error("invalid-directive", fmt::format("`{}` is not a time", source_->text(value)))
                 .at(source_, value.empty() ? directive_.range : value)
                 .help("write 100ms, 5s or 1min"));
  }

  [[nodiscard]] Diagnostic unknown_option(ByteRange word, const std::string& name) const {
    auto diagnostic =
        error("invalid-directive", fmt::format("`{}` is not an option of `migrate:batch`", name)).at(source_, word);
    static const std::vector<std::string> names = {"rows", "repeat", "pause", "max_lag"};
    if (const auto meant = nearest(name, names)) {
      return std::move(diagnostic)
          .help(fmt::format("did you mean `{}`?", *meant == repeat_word ? *meant : *meant + "=..."));
    }
    return std::move(diagnostic).help("options are `rows=5000`, `repeat`, `pause=100ms` and `max_lag=10s`");
  }

  void complain(Diagnostic diagnostic) { problems_.push_back(std::move(diagnostic)); }

  const SourcePtr& source_;
  const Directive& directive_;
  Batch batch_;
  bool rows_given_ = false;
  Diagnostics problems_;
};

Diagnostic unsupported(const SourcePtr& source, const Directive& directive) {
  auto diagnostic =
      error("unsupported-directive", fmt::format("`migrate:{}` is not supported by this version", directive.name))
          .at(source, directive.range);
  static const std::vector<std::string> names = {"allow", "batch", "assert"};
  if (const auto meant = nearest(directive.name, names)) {
    return std::move(diagnostic).help(fmt::format("did you mean `migrate:{}`?", *meant));
  }
  return std::move(diagnostic).help("remove the comment, or use a version of migrate that supports it");
}

// Functions that it calls may still write: that is the server's to refuse.
Result<Assertion> read_assertion(const SourcePtr& source, const Statement& statement, const Directive& directive) {
  const Model model = read_model(source, statement.range);
  const bool selects = model.parsed && std::holds_alternative<Select>(model.action);
  if (selects && !std::get<Select>(model.action).for_update) return Assertion{directive.arguments};
  return fail(error("invalid-assertion", selects ? "an assertion that locks rows" : "an assertion that is no SELECT")
                  .at(source, first_words(model, 1), "has to ask, and change nothing")
                  .also(source, directive.range, "said here")
                  .help("write a SELECT that returns one row with one boolean: true where all is well"));
}

Result<Batch> read_batch(const SourcePtr& source, const Statement& statement, const Directive& directive) {
  MIGRATE_TRY_ASSIGN(Batch batch, BatchReader(source, directive).read());
  MIGRATE_TRY(read_shape(source, statement, directive, batch));
  return batch;
}

}  // namespace

Result<Treatment> read_treatment(const SourcePtr& source, const Statement& statement) {
  Treatment treatment;
  const Directive* first = nullptr;
  for (const Directive& directive : statement.directives) {
    if (directive.name == "allow") continue;
    if (directive.name != "batch" && directive.name != "assert") return fail(unsupported(source, directive));
    if (first) {
      return fail(error("invalid-directive", "two directives say how the statement is to be run")
                      .at(source, directive.range)
                      .also(source, first->range, "the other")
                      .help("leave one out"));
    }
    first = &directive;
    if (directive.name == "batch") {
      MIGRATE_TRY_ASSIGN(treatment.batch, read_batch(source, statement, directive));
    } else {
      MIGRATE_TRY_ASSIGN(treatment.assertion, read_assertion(source, statement, directive));
    }
  }
  return treatment;
}

Narrowed narrow(std::string_view statement, const Batch& batch, std::string_view condition) {
  const std::string before = batch.has_where ? "(" : "";
  const std::string after = fmt::format("{} ({})", batch.has_where ? ") AND" : " WHERE", condition);
  Narrowed narrowed;
  const auto insert = [&](const std::string& text) {
    narrowed.inserted.push_back({narrowed.text.size(), narrowed.text.size() + text.size()});
    narrowed.text += text;
  };
  narrowed.text = statement.substr(0, batch.condition.begin);
  insert(before);
  narrowed.text += batch.condition.of(statement);
  insert(after);
  narrowed.text += statement.substr(batch.condition.end);
  return narrowed;
}

std::optional<ByteOffset> to_original(const Narrowed& narrowed, ByteOffset offset) {
  std::size_t more = 0;
  for (const ByteRange inserted : narrowed.inserted) {
    if (offset.value < inserted.begin) break;
    if (offset.value < inserted.end) return std::nullopt;
    more += inserted.size();
  }
  return ByteOffset{offset.value - more};
}

}  // namespace migrate::sql
