/// \file
/// One function per verb: its outcome to text or JSON. Each returns the exit code.
#pragma once

#include <migrate/ops/heads.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::HeadsOutcome>& result);

}  // namespace migrate::ui
