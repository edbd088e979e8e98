#include "ops/rehearsal/confines.hpp"

#include <fmt/format.h>

#include "ops/rehearsal/reach.hpp"

namespace migrate::ops {
namespace {

constexpr const char* elsewhere = "rehearse it in a server of its own: migrate rehearse --copy=embedded";

class Reader {
 public:
  Reader(const Standing& standing, std::span<const PreparedStep> steps, const config::Settings& settings)
      : standing_(standing), steps_(steps), settings_(settings) {}

  Result<Confines> read() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const std::string before = i == 0 ? std::string() : steps_[i - 1].summary.revision.id.str();
      MIGRATE_TRY(read_section(steps_[i], before));
      const auto* file = standing_.history.file(steps_[i].node);
      if (file && file->irreversible) continue;
      // One that is broken does not run; the rehearsal tells of it.
      const auto down = prepare_step(standing_, steps_[i].node, db::Direction::down);
      if (down) MIGRATE_TRY(read_section(*down, before));
    }
    return std::move(confines_);
  }

 private:
  // `before`: the revision up to which one may go without this one.
  Result<void> read_section(const PreparedStep& step, const std::string& before) {
    MIGRATE_TRY_ASSIGN(const auto run, make_run(standing_, step, settings_));
    for (const auto& [statement, facts, treatment] : run.statements) {
      const auto reach = reach_of(facts, run.source->text(statement.range));
      if (reach.kind == Reach::Kind::unknown) {
        confines_.unseen.push_back(
            warning("server-wide-unseen", "the copy is beside the original, and a statement may reach out of it")
                .at(run.source, statement.range, "what it does to the whole server is done to the real one")
                .note(reach.why)
                .help(elsewhere));
      }
      const bool further = reach.kind == Reach::Kind::further;
      if (!further && reach.kind != Reach::Kind::server) continue;
      auto& place = further ? confines_.nowhere : confines_.not_beside;
      if (place) continue;
      place = error("server-wide-statement", fmt::format("`{}` would not stay in the copy", reach.summary))
                  .at(run.source, statement.range)
                  .note(reach.why)
                  .note("state", "nothing was changed");
      if (!further) place = std::move(*place).help(elsewhere);
      if (!before.empty()) {
        place = std::move(*place).help(
            fmt::format("rehearse what comes before this revision: migrate rehearse {}", before));
      } else if (further) {
        place = std::move(*place).help("read what the revision would do: migrate plan");
      }
    }
    return {};
  }

  const Standing& standing_;
  std::span<const PreparedStep> steps_;
  const config::Settings& settings_;
  Confines confines_;
};

}  // namespace

Result<Confines> read_confines(const Standing& standing, std::span<const PreparedStep> steps,
                               const config::Settings& settings) {
  return Reader(standing, steps, settings).read();
}

}  // namespace migrate::ops
