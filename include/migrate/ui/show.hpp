/// \file
/// One function per verb: its outcome to text or JSON. Each returns the exit code.
#pragma once

#include <string>
#include <vector>

#include <migrate/ops/backup.hpp>
#include <migrate/ops/branches.hpp>
#include <migrate/ops/check.hpp>
#include <migrate/ops/config.hpp>
#include <migrate/ops/current.hpp>
#include <migrate/ops/dev.hpp>
#include <migrate/ops/heads.hpp>
#include <migrate/ops/history_listing.hpp>
#include <migrate/ops/import.hpp>
#include <migrate/ops/init.hpp>
#include <migrate/ops/lint.hpp>
#include <migrate/ops/lock.hpp>
#include <migrate/ops/make_from_finding.hpp>
#include <migrate/ops/make_revision.hpp>
#include <migrate/ops/mark.hpp>
#include <migrate/ops/migration.hpp>
#include <migrate/ops/plan.hpp>
#include <migrate/ops/rehearse.hpp>
#include <migrate/ops/show.hpp>
#include <migrate/ops/stamp.hpp>
#include <migrate/ops/status.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::InitOutcome>& result);
ExitCode show(Output& output, const Result<ops::MadeRevision>& result);
ExitCode show(Output& output, const Result<ops::MadeRewrite>& result);
ExitCode show(Output& output, const Result<ops::ImportOutcome>& result);
ExitCode show(Output& output, const Result<ops::DevOutcome>& result);
ExitCode show(Output& output, const ops::MigrationOutcome& outcome);
ExitCode show(Output& output, const Result<ops::PlanOutcome>& result);
/// Exit code 1 where something does not work.
ExitCode show(Output& output, const Result<ops::RehearsalOutcome>& result);
ExitCode show(Output& output, const Result<ops::StampOutcome>& result);
ExitCode show(Output& output, const Result<ops::RestoreOutcome>& result);
ExitCode show(Output& output, const Result<ops::MarkOutcome>& result);
ExitCode show(Output& output, const Result<ops::EnsureVersionOutcome>& result);
/// Says which files were opened, in JSON; a person knows.
ExitCode show_edited(Output& output, const std::vector<std::string>& paths);
/// A script for psql: to stdout as it is, in JSON as a string.
ExitCode show_script(Output& output, const Result<std::string>& script);
ExitCode show(Output& output, const Result<ops::HeadsOutcome>& result);
ExitCode show(Output& output, const Result<ops::BranchesOutcome>& result);
ExitCode show(Output& output, const Result<ops::ShowOutcome>& result);
ExitCode show(Output& output, const Result<ops::ConfigOutcome>& result);

enum class GraphChoice { ascii, unicode, none };
ExitCode show(Output& output, const Result<ops::HistoryOutcome>& result, GraphChoice graph);

/// `check_heads`: exit code 1 where the database is not at all heads.
ExitCode show(Output& output, const Result<ops::CurrentOutcome>& result, bool check_heads);
/// `tell_by_exit_code`: exit code 1 where something is pending, unfinished or changed.
ExitCode show(Output& output, const Result<ops::StatusOutcome>& result, bool tell_by_exit_code);
/// `tell_by_exit_code`: exit code 1 where the lock is held.
ExitCode show(Output& output, const Result<ops::LockOutcome>& result, bool tell_by_exit_code);
ExitCode show(Output& output, const Result<ops::BreakOutcome>& result);
/// Exit code 1 where there are errors; `strict`: also where there are warnings.
ExitCode show(Output& output, const Result<ops::CheckOutcome>& result, bool strict);

struct LintView {
  bool strict = false;  ///< exit code 1 for warnings too
  bool diff = false;    ///< the fixes as a unified diff, instead of the findings
};
/// Findings go to stdout: they are what was asked for.
ExitCode show(Output& output, const Result<ops::LintOutcome>& result, const LintView& view);

/// All rules, or those of a category ("data-loss"). Errors: `unknown-category`.
ExitCode show_rules(Output& output, const std::string& category);
/// A rule's page, or what a diagnostic of that id is about. Errors: `unknown-rule`.
ExitCode show_rule(Output& output, const std::string& id);

}  // namespace migrate::ui
