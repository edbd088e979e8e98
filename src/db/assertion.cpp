#include "db/assertion.hpp"

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::db {
namespace {

constexpr unsigned boolean_type = 16;

// What is wrong with the answer; empty: nothing.
std::string complaint(const Exchange& answer) {
  const auto& rows = answer.executed.result;
  if (answer.column_types.size() != 1) return fmt::format("it returned {} columns", answer.column_types.size());
  if (answer.column_types.front() != boolean_type) return "what it returned is no boolean";
  if (rows.empty()) return "it returned no row";
  if (rows.size() > 1) return fmt::format("it returned {} rows", rows.size());
  if (!rows.front()[0]) return "it returned NULL";
  return rows.front()[0] == "t" ? "" : "it returned false";
}

}  // namespace

Exchange run_or_assert(RunContext& context, std::size_t index, std::string_view before) {
  const auto& assertion = context.run.statements[index].treatment.assertion;
  if (!assertion) return context.send_statement(index, before);

  Exchange asked = context.send_statement(index, std::string(before).append(enter_assertion));
  if (asked.error) return asked;
  if (const std::string wrong = complaint(asked); !wrong.empty()) {
    ServerError& error = asked.error.emplace();
    error.own_id = "assertion-failed";
    error.message = assertion->message.empty() ? fmt::format("assertion failed: {}", wrong)
                                               : fmt::format("assertion failed: {} ({})", assertion->message, wrong);
    return asked;
  }
  Exchange left = exchange(context.state, {.sql = leave_assertion});
  if (left.error) asked.error = std::move(left.error);
  return asked;
}

}  // namespace migrate::db
