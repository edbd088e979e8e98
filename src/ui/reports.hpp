/// \file
/// Diagnostics in the formats that code hosts read. Lines and columns are from 1.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <migrate/base/diagnostic.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::ui {

/// `sarif`, `github`, `gitlab`. Requires: is_report(format).
std::string render_report(Format format, std::span<const Diagnostic> diagnostics);

/// SARIF 2.1.0, with the pages of the rules that were broken. Source: OASIS, sarif-v2.1.0.
std::string render_sarif(std::span<const Diagnostic> diagnostics);
/// A workflow command a line, for GitHub Actions.
std::string render_github(std::span<const Diagnostic> diagnostics);
/// GitLab's code quality report.
std::string render_gitlab(std::span<const Diagnostic> diagnostics);

/// Where a diagnostic is, as reports name it.
struct ReportedPlace {
  std::string path;  ///< empty: nowhere
  bool has_region = false;
  LineColumn begin, end;  ///< the end is the first place behind it
};
ReportedPlace place_of(const Diagnostic& diagnostic);

/// One each, which stay the same while lines above move: made of id, path, message and the text of the line.
std::vector<std::string> fingerprints(std::span<const Diagnostic> diagnostics);

}  // namespace migrate::ui
