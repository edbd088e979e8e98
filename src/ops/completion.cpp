#include <migrate/ops/completion.hpp>

#include <migrate/ops/history.hpp>
#include <migrate/rules/rule.hpp>

namespace migrate::ops {

Vocabulary read_vocabulary(const config::Settings& settings) {
  Vocabulary vocabulary;
  for (const auto& line : config::describe(settings)) vocabulary.settings.push_back(line.name);
  const auto history = History::load(settings);
  if (!history) return vocabulary;
  const auto& graph = history->graph();
  for (auto i = static_cast<std::uint32_t>(graph.size()); i-- > 0;) {
    vocabulary.revisions.push_back(history->summary({i}));
    const auto& labels = graph[{i}].labels;
    vocabulary.labels.insert(vocabulary.labels.end(), labels.begin(), labels.end());
  }
  return vocabulary;
}

std::vector<RuleWord> rule_words() {
  std::vector<RuleWord> words;
  for (const auto* rule : rules::all_rules()) words.push_back({std::string(rule->id), std::string(rule->summary)});
  return words;
}

}  // namespace migrate::ops
