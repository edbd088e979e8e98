#include <migrate/sql/statement.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "sql/meta_command.hpp"
#include "sql/statement_walker.hpp"

namespace migrate::sql {
namespace {

Diagnostic describe(const WalkProblem& problem, const SourcePtr& source) {
  switch (problem.kind) {
    case WalkProblem::Kind::unterminated_literal:
      return error("unterminated-literal", problem.message.substr(0, problem.message.find(" at or near")))
          .at(source, problem.range, "opened here, never closed")
          .help("close it; a quote inside a literal is doubled");
    case WalkProblem::Kind::invalid_literal: return error("invalid-literal", problem.message).at(source, problem.range);
    case WalkProblem::Kind::meta_command: {
      const std::string_view name = source->text(problem.range);
      return error("psql-meta-command", fmt::format("`{}` is a command of psql, not SQL", name))
          .at(source, problem.range)
          .help(std::string(advice_for_meta_command(name)));
    }
    case WalkProblem::Kind::copy_data_unterminated:
      return error("copy-data-unterminated", "the data of `COPY ... FROM stdin` has no end")
          .at(source, problem.range, "its data follows on the next line")
          .help("close the data with a line that holds `\\.` alone");
    case WalkProblem::Kind::copy_trailing_text:
      return error("copy-trailing-text", "text after `COPY ... FROM stdin;` on its line")
          .at(source, problem.range, "the data begins on the next line")
          .help("put it on a line below the data");
  }
  return {};
}

bool begins_its_line(std::string_view text, std::size_t section_begin, std::size_t offset) {
  const std::string_view before = text.substr(section_begin, offset - section_begin);
  const std::size_t newline = before.rfind('\n');
  return trim(newline == std::string_view::npos ? before : before.substr(newline)).empty();
}

Diagnostic misplaced(const SourcePtr& source, const Directive& directive, std::string_view where) {
  return error("misplaced-directive", fmt::format("`migrate:{}` stands {}", directive.name, where))
      .at(source, directive.range, "to which statement it belongs is not clear")
      .help("put it on a line of its own, directly over its statement");
}

// The directives of one walked statement, and what is wrong with their places.
class DirectiveReader {
 public:
  DirectiveReader(const SourcePtr& source, ByteRange section) : source_(source), section_(section) {}

  std::vector<Directive> over_statement(const WalkedStatement& statement) {
    for (const ByteRange comment : statement.comments_inside) {
      if (const auto directive = parse_directive(source_->text(), comment)) {
        problems_.push_back(misplaced(source_, *directive, "inside a statement"));
      }
    }
    return read(statement.comments_before);
  }

  void at_end(const std::vector<ByteRange>& comments) {
    for (const Directive& directive : read(comments)) {
      problems_.push_back(
          error("directive-without-statement", fmt::format("no statement follows `migrate:{}`", directive.name))
              .at(source_, directive.range)
              .help("put it over the statement that it is about, or remove it"));
    }
  }

  Diagnostics take_problems() { return std::move(problems_); }

 private:
  std::vector<Directive> read(const std::vector<ByteRange>& comments) {
    std::vector<Directive> directives;
    for (const ByteRange comment : comments) {
      auto directive = parse_directive(source_->text(), comment);
      if (!directive) continue;
      if (begins_its_line(source_->text(), section_.begin, comment.begin)) {
        directives.push_back(*std::move(directive));
      } else {
        problems_.push_back(misplaced(source_, *directive, "after a statement on its line"));
      }
    }
    return directives;
  }

  const SourcePtr& source_;
  ByteRange section_;
  Diagnostics problems_;
};

}  // namespace

std::optional<Directive> parse_directive(std::string_view text, ByteRange comment) {
  std::string_view rest = comment.of(text);
  if (!rest.starts_with("--")) return std::nullopt;
  rest = trim(rest.substr(2));
  constexpr std::string_view prefix = "migrate:";
  if (!equals_ignoring_case(rest.substr(0, prefix.size()), prefix)) return std::nullopt;
  rest.remove_prefix(prefix.size());

  const std::size_t name_end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string name = to_lower_ascii(rest.substr(0, name_end));
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string_view::npos) {
    return std::nullopt;
  }
  return Directive{name, std::string(trim(rest.substr(name_end))), comment};
}

Result<std::vector<Statement>> split_statements(const SourcePtr& source, ByteRange section) {
  std::vector<Statement> statements;
  StatementWalker walker(source->text(), section);
  DirectiveReader directives(source, section);
  while (auto walked = walker.next()) {
    statements.push_back({walked->range, directives.over_statement(*walked), walked->copy_data});
  }
  directives.at_end(walker.trailing_comments());

  Diagnostics problems;
  for (const WalkProblem& problem : walker.problems()) problems.push_back(describe(problem, source));
  for (Diagnostic& problem : directives.take_problems()) problems.push_back(std::move(problem));
  if (problems.empty()) return statements;
  std::stable_sort(problems.begin(), problems.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.primary->range.begin < b.primary->range.begin;
  });
  return fail(Failure(std::move(problems)));
}

}  // namespace migrate::sql
