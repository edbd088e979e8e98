#include <migrate/ops/check_settings.hpp>

#include <migrate/revision/file_name.hpp>

#include "ops/lint/judge_settings.hpp"

namespace migrate::ops {

Result<void> check_settings(const config::Settings& settings) {
  Diagnostics problems;
  if (const auto parsed = revision::FileNameTemplate::parse(settings.file_template.value); !parsed) {
    for (const auto& problem : parsed.error().diagnostics) {
      problems.push_back(Diagnostic(problem).note("from", settings.file_template.where));
    }
  }
  if (const auto judged = judge_settings(settings); !judged) {
    const auto& found = judged.error().diagnostics;
    problems.insert(problems.end(), found.begin(), found.end());
  }
  if (problems.empty()) return {};
  return fail(Failure(std::move(problems)));
}

}  // namespace migrate::ops
