#include "ops/lint/judge_settings.hpp"

#include <array>
#include <span>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/revision/target.hpp>

#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

using config::Place;

std::vector<std::string> to_strings(std::span<const std::string_view> words) { return {words.begin(), words.end()}; }

/// Turns words into what they mean, and remembers those that mean nothing.
class Reader {
 public:
  explicit Reader(const config::Settings& settings) : settings_(settings) {}

  Result<JudgeSettings> read() {
    read_selection();
    read_options();
    read_naming();
    if (!problems_.empty()) return fail(Failure(std::move(problems_)));
    return std::move(result_);
  }

 private:
  void report(const Place& place, std::string message, const std::string& word,
              std::span<const std::string> candidates) {
    auto problem = error("invalid-settings", std::move(message));
    if (place.source) problem = std::move(problem).at(place.source, place.range);
    if (const auto meant = nearest(word, candidates)) {
      problem = std::move(problem).help(fmt::format("did you mean `{}`?", *meant));
    } else if (candidates.size() <= 8) {
      problem = std::move(problem).help(
          fmt::format("it is one of {}", join_with_and({candidates.begin(), candidates.end()})));
    }
    problems_.push_back(std::move(problem));
  }

  static std::vector<std::string> all_rule_ids() {
    std::vector<std::string> ids;
    for (const auto* rule : rules::all_rules()) ids.emplace_back(rule->id);
    return ids;
  }

  void read_selection() {
    const auto& lint = settings_.lint;
    const std::array<std::string, 4> presets{"recommended", "strict", "guides", "none"};
    auto preset = rules::preset(lint.preset.value);
    if (!preset) {
      report(lint.preset.place, fmt::format("there is no preset `{}` of rules", lint.preset.value), lint.preset.value,
             presets);
    } else {
      result_.selection = *std::move(preset);
    }
    for (const auto& line : lint.rules) {
      const auto* rule = rules::find_rule(line.rule);
      const auto level = parse_level(line.level);
      if (rule == nullptr) {
        report(line.rule_place, fmt::format("there is no rule `{}`", line.rule), line.rule, all_rule_ids());
        problems_.back().helps.push_back({"see the rules there are: migrate explain", {}});
      }
      if (!level) {
        const std::array<std::string, 4> levels{"error", "warning", "note", "off"};
        report(line.level_place, fmt::format("`{}` is not a level of rules", line.level), line.level, levels);
      }
      if (rule && level) result_.selection.levels.insert_or_assign(line.rule, *level);
    }
  }

  static std::optional<rules::Level> parse_level(std::string_view word) {
    for (const auto level : {rules::Level::off, rules::Level::note, rules::Level::warning, rules::Level::error}) {
      if (rules::to_text(level) == word) return level;
    }
    return std::nullopt;
  }

  void read_options() {
    const auto& lint = settings_.lint;
    auto& options = result_.options;
    options.small_table_bytes = lint.small_table.value.count;
    options.large_change_rows = lint.large_change_rows.value;
    options.wide_index_columns = lint.wide_index_columns.value;
    options.money_words = lint.money_words.value;
    options.category_words = lint.category_words.value;
    options.timestamp_columns = lint.timestamp_columns.value;
    options.soft_delete_column = lint.soft_delete_column.value;
    options.primary_key_types = lint.primary_key_types.value;
    options.forbidden_types = lint.forbidden_types.value;
    constexpr std::uint64_t first_version = 10, last_version = 99;
    const std::uint64_t version = lint.minimum_version.value;
    if (version < first_version || version > last_version) {
      problems_.push_back(error("invalid-settings", fmt::format("{} is no version of PostgreSQL", version))
                              .at(lint.minimum_version.place.source, lint.minimum_version.place.range)
                              .help("write the major version alone, like 14"));
    } else {
      options.minimum_version = static_cast<int>(version) * 10'000;
    }
  }

  void read_naming() {
    const auto& settings = settings_.naming;
    auto& naming = result_.options.naming;
    if (auto preset = rules::naming_preset(settings.preset.value)) {
      naming = *std::move(preset);
    } else {
      report(settings.preset.place, fmt::format("there is no preset `{}` of names", settings.preset.value),
             settings.preset.value, to_strings(rules::naming_presets()));
    }
    choose(settings.identifier, "identifier", {"snake", "any"},
           [&](std::size_t choice) { naming.snake_case = choice == 0; });
    choose(settings.unnamed, "unnamed", {"require", "check-generated", "ignore"}, [&](std::size_t choice) {
      constexpr std::array choices{rules::Unnamed::require, rules::Unnamed::check_generated, rules::Unnamed::ignore};
      naming.unnamed = choices[choice];
    });
    choose(settings.plural_tables, "plural_tables", {"plural", "singular", "any"},
           [&](std::size_t) { naming.plural_tables = settings.plural_tables.value; });
    for (const auto& kind : settings.kinds) read_kind(kind);
  }

  template <class Take>
  void choose(const config::PlacedSetting<std::string>& setting, std::string_view key, std::vector<std::string> choices,
              const Take& take) {
    if (setting.origin == config::Origin::fallback) return;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (choices[i] == setting.value) return take(i);
    }
    report(setting.place, fmt::format("`{}` is not a value of `{}`", setting.value, key), setting.value, choices);
  }

  static std::vector<std::string> all_kinds() {
    std::vector<std::string> names;
    for (int i = 0; i <= static_cast<int>(rules::NameKind::domain); ++i) {
      names.emplace_back(rules::to_text(static_cast<rules::NameKind>(i)));
    }
    return names;
  }

  void read_kind(const config::NamingKindSetting& setting) {
    const auto kind = rules::parse_name_kind(setting.kind);
    if (!kind) {
      const auto kinds = all_kinds();
      report(setting.place, fmt::format("there is no kind of names `{}`", setting.kind), setting.kind, kinds);
      problems_.back().helps.push_back({fmt::format("the kinds are {}", join_with_and(kinds)), {}});
      return;
    }
    auto& naming = result_.options.naming;
    std::vector<rules::NameTemplate> templates;
    for (const auto& [text, place] : setting.templates) {
      auto parsed = rules::NameTemplate::parse(text);
      if (parsed) {
        templates.push_back(*std::move(parsed));
        continue;
      }
      for (auto& problem : parsed.error().diagnostics) {
        problems_.push_back(std::move(problem).at(place.source, place.range));
      }
    }
    if (!setting.templates.empty()) naming.templates.insert_or_assign(*kind, std::move(templates));
    auto& exceptions = naming.exceptions[*kind];
    exceptions.insert(exceptions.end(), setting.exceptions.begin(), setting.exceptions.end());
  }

  const config::Settings& settings_;
  JudgeSettings result_;
  Diagnostics problems_;
};

}  // namespace

Result<JudgeSettings> judge_settings(const config::Settings& settings) { return Reader(settings).read(); }

Result<revision::Graph::Set> before_baseline(const config::Settings& settings, const revision::Graph& graph) {
  const auto& start_after = settings.lint.start_after;
  std::vector<revision::NodeIndex> ends;
  Diagnostics problems;
  for (const auto& text : start_after.value) {
    const auto resolve = [&]() -> Result<std::vector<revision::NodeIndex>> {
      MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(text));
      return resolve_in_files(graph, target, "name a revision: the same for every database");
    };
    const auto found = resolve();
    if (found) {
      ends.insert(ends.end(), found->begin(), found->end());
      continue;
    }
    const auto& why = found.error().diagnostics.front();
    auto problem = error("invalid-settings", fmt::format("`start_after`: {}", why.message));
    if (start_after.place.source) problem = std::move(problem).at(start_after.place.source, start_after.place.range);
    problem.helps = why.helps;
    problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return fail(Failure(std::move(problems)));
  if (ends.empty()) return revision::Graph::Set(graph.size());
  return graph.ancestors_of(ends, true);
}

}  // namespace migrate::ops
