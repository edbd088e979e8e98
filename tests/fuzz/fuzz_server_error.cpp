// What a server, or something that says it is one, may send as an error: no crash, text that can be printed, and a
// place inside the revision's file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <migrate/base/source.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/executor.hpp>

#include "db/failure_place.hpp"
#include "db/server_error_fields.hpp"

namespace {

using namespace migrate;

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_line(const std::string& text) { return !find_invalid_utf8(text) && text.find('\n') == std::string::npos; }

// The next piece of the input: pieces end at zero bytes, as the fields of the message do.
std::string take(std::string_view& rest) {
  const std::string piece(rest.substr(0, rest.find('\0')));
  rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
  return piece;
}

void check_texts(const std::string& text) {
  const db::ErrorText split = db::split_verbose_text(text);
  require(split.sqlstate.empty() || split.sqlstate.size() == 5);
  require(is_line(db::tidy_text(text)));
  require(!find_invalid_utf8(db::join_lines(text)));
  (void)db::copy_data_line(text);
}

db::RevisionRun small_run() {
  db::RevisionRun run;
  run.source = make_source("migrations/a.sql", "UPDATE t SET \xC3\xA4 = 1;\nCOPY t FROM stdin;\n1\n2\n\\.\n");
  db::RunStatement update, copy;
  update.statement.range = {0, 18};
  copy.statement.range = {20, 37};
  copy.statement.copy_data = ByteRange{39, 43};
  run.statements = {update, copy};
  return run;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const db::RevisionRun run = small_run();
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::size_t place = rest.size() < 3 ? 0 : static_cast<std::size_t>(data[0]) * 256 + data[1];
  const bool second = !rest.empty() && rest.front() % 2 != 0;
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 2));
  check_texts(std::string(rest));

  db::RunFailure failure;
  db::ServerError& error = failure.server_error;
  error.message = db::tidy_text(take(rest));
  error.sqlstate = take(rest);
  error.context = take(rest);
  error.hint = db::tidy_text(take(rest));
  error.internal_query = take(rest);
  if (place != 0) error.position = CharOffset{place};
  if (!error.internal_query.empty()) error.internal_position = CharOffset{place};
  failure.statement = second ? 1U : 0U;
  failure.stage = db::RunStage::statement;
  if (const auto found = db::find_place(failure, run)) {
    require(found->range.begin <= found->range.end && found->range.end <= run.source->text().size());
  }
  const Failure told = db::to_failure(failure, run, {}, true);
  require(!told.diagnostics.empty() && !told.diagnostics.front().id.empty());
  return 0;
}
