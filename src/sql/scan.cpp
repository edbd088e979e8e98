#include <migrate/sql/scan.hpp>

#include "sql/partial_scan.hpp"
#include "sql/statement_walker.hpp"

namespace migrate::sql {

Result<std::vector<Token>, SyntaxError> scan(std::string_view text) {
  PartialScan result = scan_partially(text);
  if (result.error) return Unexpected{*std::move(result.error)};
  return std::move(result.tokens);
}

bool is_between_tokens(std::string_view text, ByteOffset offset) {
  const std::string_view before = text.substr(0, offset.value);
  const bool nothing_opens =
      before.find_first_of("'\"$") == std::string_view::npos && before.find("/*") == std::string_view::npos;
  // COPY data ends with a backslash and a dot, and a place inside it has that end after it.
  if (nothing_opens && text.find("\\.", offset.value) == std::string_view::npos) return true;

  StatementWalker walker(before, {0, before.size()});
  while (walker.next()) {
  }
  for (const WalkProblem& problem : walker.problems()) {
    if (problem.kind == WalkProblem::Kind::unterminated_literal) return false;
    // Data without an end anywhere is a mistake to report as such: it hides no marker.
    if (problem.kind == WalkProblem::Kind::copy_data_unterminated) return !find_copy_end(text, offset.value);
  }
  return true;
}

}  // namespace migrate::sql
