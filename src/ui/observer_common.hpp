// What the observers for people have in common: warnings, notices, waiting.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <migrate/ops/observer.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::ui {

class HumanObserver : public ops::Observer {
 public:
  explicit HumanObserver(Output& output) : output_(output) {}

  void warning(const Diagnostic& diagnostic) override { output_.report(diagnostic); }
  void notice(const db::Notice& notice) override;

 protected:
  [[nodiscard]] bool verbose() const { return output_.options().verbosity > 0; }
  Output& output_;
};

// "pid 4121 (app, idle in transaction, 42 s)", or "another run".
std::string describe(const std::optional<db::LockHolder>& holder);
// "statement 2 of 3 got no lock because of pid 4121 (app, psql, idle in transaction) (try 1): again in 81 ms"
std::string describe(const ops::StepSummary& step, const db::LockFailure& failure);
// "8be01d4 -> 53fffde, 3 revisions"
std::string describe(const ops::RunSummary& run);

}  // namespace migrate::ui
