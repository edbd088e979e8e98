// The settings of lint in the words of the rules.
#pragma once

#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/revision/graph.hpp>
#include <migrate/rules/judge.hpp>

namespace migrate::ops {

struct JudgeSettings {
  rules::Selection selection;
  rules::Options options;
};

// Errors: `invalid-settings` with place and the nearest word, all at once: unknown presets, rules, levels, kinds of
// names, templates that are none.
Result<JudgeSettings> judge_settings(const config::Settings& settings);

// What `[lint] start_after` names, with all that it stands on. Errors: `invalid-settings`: there is no such revision.
Result<revision::Graph::Set> before_baseline(const config::Settings& settings, const revision::Graph& graph);

}  // namespace migrate::ops
