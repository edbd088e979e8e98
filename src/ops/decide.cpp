#include "ops/decide.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace migrate::ops {
namespace {

struct Unfinished {
  db::RevisionState state;
  const char* id;
  const char* what;  // "half applied"
};

constexpr Unfinished half_applied{db::RevisionState::applying, "unfinished-upgrade", "half applied"};
constexpr Unfinished half_undone{db::RevisionState::reverting, "unfinished-downgrade", "half undone"};

/// A revision that was left behind half done is finished before anything goes the other way.
Result<void> refuse_unfinished(const Standing& standing, const Unfinished& kind) {
  for (const auto node : standing.unfinished) {
    const auto* row = standing.row(node);
    if (row->state != kind.state) continue;
    const auto& revision = standing.history.graph()[node].id.str();
    return fail(error(kind.id, fmt::format("revision {} is {}", revision, kind.what))
                    .note("state", fmt::format("{} of its {} statements have run", row->steps_done, row->steps_total))
                    .help("finish it first: migrate resume")
                    .help(fmt::format("or see to it by hand, and say what is there: `migrate mark {0} applied`, "
                                      "`migrate mark {0} pending`",
                                      revision)),
                ExitCode::left_behind);
  }
  return {};
}

/// What only a revision makes ambiguous whose file is not here can't be got over by naming one of the ways.
Failure instead_of(const Failure& refusal, const Standing& standing) {
  constexpr std::array<std::string_view, 4> misled = {"multiple-heads", "ambiguous-walk", "ambiguous-relative-target",
                                                      "walked-too-far"};
  const auto& told = refusal.diagnostics.front();
  if (std::find(misled.begin(), misled.end(), told.id) == misled.end()) return refusal;
  Diagnostics missing = describe_missing(standing);
  if (missing.empty()) return refusal;
  for (auto& one : missing) one = std::move(one).note("so", told.message).note("state", "nothing was changed");
  return Failure(std::move(missing), ExitCode::findings);
}

}  // namespace

Result<void> refuse_unfinished(const Standing& standing) {
  MIGRATE_TRY(refuse_unfinished(standing, half_undone));
  return refuse_unfinished(standing, half_applied);
}

Result<std::vector<PreparedStep>> decide_upgrade(const Standing& standing, const revision::Target& target) {
  MIGRATE_TRY(refuse_unfinished(standing, half_undone));
  const auto plan = revision::plan_upgrade(standing.history.graph(), standing.applied, target);
  if (!plan) return fail(instead_of(plan.error(), standing));
  return prepare_upgrade(standing, *plan);
}

Result<std::vector<PreparedStep>> prepare_downgrade(Connection& connection, const Standing& standing,
                                                    const revision::Plan& plan) {
  const auto stored = [&](revision::NodeIndex node) -> Result<std::string> {
    const bool has_file = standing.history.file(node) != nullptr;
    const auto* row = standing.row(node);
    if (has_file && !(row && row->state == db::RevisionState::reverting)) return std::string();
    auto text = connection.journal.read_downgrade(connection.session, standing.history.graph()[node].id);
    // It is only compared with.
    if (has_file && !text && text.error().diagnostics.front().id == "no-stored-downgrade") return std::string();
    return text;
  };
  return prepare_steps(standing, plan, db::Direction::down, stored);
}

Result<std::vector<PreparedStep>> decide_downgrade(Connection& connection, const Standing& standing,
                                                   const revision::Target& target) {
  MIGRATE_TRY(refuse_unfinished(standing, half_applied));
  MIGRATE_TRY_ASSIGN(const auto plan, revision::plan_downgrade(standing.history.graph(), standing.applied, target));
  return prepare_downgrade(connection, standing, plan);
}

}  // namespace migrate::ops
