#include <migrate/ops/completion.hpp>

#include <migrate/ops/history.hpp>

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

}  // namespace migrate::ops
