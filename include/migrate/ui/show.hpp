/// \file
/// One function per verb: its outcome to text or JSON. Each returns the exit code.
#pragma once

#include <migrate/ops/heads.hpp>
#include <migrate/ops/migration.hpp>
#include <migrate/ops/plan.hpp>
#include <migrate/ops/stamp.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::ui {

ExitCode show(Output& output, const ops::MigrationOutcome& outcome);
ExitCode show(Output& output, const Result<ops::PlanOutcome>& result);
ExitCode show(Output& output, const Result<ops::StampOutcome>& result);
ExitCode show(Output& output, const Result<ops::EnsureVersionOutcome>& result);
/// A script for psql: to stdout as it is, in JSON as a string.
ExitCode show_script(Output& output, const Result<std::string>& script);
ExitCode show(Output& output, const Result<ops::HeadsOutcome>& result);

}  // namespace migrate::ui
