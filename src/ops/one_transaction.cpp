#include "ops/one_transaction.hpp"

#include <fmt/format.h>

namespace migrate::ops {
namespace {

Diagnostic refusal_of(const PreparedStep& step, std::string_view flag) {
  auto refusal =
      error("cannot-run-in-one-transaction", fmt::format("revision {} cannot run inside a transaction, as {} asks",
                                                         step.summary.revision.id.str(), flag))
          .in_file(step.summary.revision.path);
  for (const auto& statement : step.statements) {
    if (statement.facts.block_rule != sql::BlockRule::forbidden && !statement.treatment.batch) continue;
    refusal = std::move(refusal).note(
        statement.treatment.batch
            ? fmt::format("`{}` runs in batches, each in a transaction of its own", statement.facts.summary)
            : fmt::format("PostgreSQL refuses `{}` in a transaction block", statement.facts.tag));
    break;
  }
  if (step.resumed) {
    return std::move(refusal)
        .note("an earlier run left it behind half-done: it goes on statement by statement")
        .note("state", "nothing was changed")
        .help("finish it first: migrate resume");
  }
  return std::move(refusal)
      .note("state", "nothing was changed")
      .help(fmt::format("leave out {}, or stop before it with a target", flag));
}

}  // namespace

Result<void> check_one_transaction(std::span<const PreparedStep> steps, std::string_view flag) {
  for (const auto& step : steps) {
    if (!step.summary.transactional || step.resumed) return fail(refusal_of(step, flag));
  }
  return {};
}

}  // namespace migrate::ops
