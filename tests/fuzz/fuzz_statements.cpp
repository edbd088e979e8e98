// Any bytes as a section: no crash, every place inside the text, statements in order and apart from each other, each
// with facts, and a checksum that does not depend on what follows the section.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <migrate/base/text.hpp>
#include <migrate/sql/statement.hpp>

namespace {

using namespace migrate;

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_inside(ByteRange range, ByteRange outer) {
  return range.begin <= range.end && range.begin >= outer.begin && range.end <= outer.end;
}

void check_problems(const Diagnostics& problems, ByteRange section) {
  require(!problems.empty());
  for (const auto& problem : problems) {
    require(!problem.id.empty() && !problem.message.empty());
    require(problem.primary && is_inside(problem.primary->range, section));
  }
}

void check_statements(const SourcePtr& source, const std::vector<sql::Statement>& statements, ByteRange section) {
  std::size_t end = section.begin;
  for (const auto& statement : statements) {
    require(is_inside(statement.range, {end, section.end}) && !statement.range.empty());
    for (const auto& directive : statement.directives) require(is_inside(directive.range, {end, section.end}));
    end = statement.range.end;
    if (statement.copy_data) {
      require(is_inside(*statement.copy_data, {end, section.end}));
      end = statement.copy_data->end;
    }
    const auto text = source->text(statement.range);
    const auto facts = sql::examine_statement(text);
    require(facts.parsed != facts.syntax_error.has_value());
    if (facts.syntax_error) require(facts.syntax_error->at.value <= text.size());
    // The scanner counts its places in characters, which other bytes have not.
    require(sql::scan(text).has_value() || find_invalid_utf8(source->text()).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = make_source("a.sql", std::string(reinterpret_cast<const char*>(data), size));
  const std::string_view text = source->text();
  const ByteRange section{text.size() / 8, text.size() - text.size() / 8};

  const auto statements = sql::split_statements(source, section);
  if (statements) {
    check_statements(source, *statements, section);
  } else {
    check_problems(statements.error().diagnostics, section);
  }

  const auto alone = make_source("b.sql", "--\n" + std::string(source->text(section)));
  const ByteRange all{3, alone->text().size()};
  require(sql::section_checksum(source, section) == sql::section_checksum(alone, all));

  (void)sql::is_between_tokens(text, {section.end});
  const auto scanned = sql::scan(text);
  if (!scanned) require(scanned.error().at.value <= text.size());
  return 0;
}
