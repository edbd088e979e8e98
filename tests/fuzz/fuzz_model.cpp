// Any bytes as statements: no crash, every range inside the statement and on the words that it is said to be of.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <migrate/base/text.hpp>
#include <migrate/sql/model.hpp>
#include <migrate/sql/statement.hpp>

#include "unit/sql/model_ranges.hpp"

namespace {

using namespace migrate;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_statement(const SourcePtr& source, ByteRange range) {
  const auto model = sql::read_model(source, range);
  for (std::size_t words = 0; words < 5; ++words) {
    const auto first = sql::first_words(model, words);
    require(first.empty() || (first.begin >= range.begin && first.end <= range.end));
  }
  (void)sql::read_plpgsql(std::string(source->text(range)));
  // The scanner counts its places in characters, which other bytes have not.
  if (find_invalid_utf8(source->text())) return;
  test::RangeCheck check(*source, range);
  check.check(model);
  for (const auto& problem : check.problems()) std::fprintf(stderr, "%s\n", problem.c_str());
  require(check.problems().empty());
}

}  // namespace

// libpg_query 15 loses one byte for each PL/pgSQL body that it refuses.
extern "C" const char* __lsan_default_suppressions() { return "leak:pg_query_raw_parse\n"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = make_source("a.sql", "--\n" + std::string(reinterpret_cast<const char*>(data), size));
  const auto statements = sql::split_statements(source, {3, source->text().size()});
  if (!statements) return 0;
  for (const auto& statement : *statements) check_statement(source, statement.range);
  return 0;
}
