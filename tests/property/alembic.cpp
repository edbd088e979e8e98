#include "property/alembic.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "support/temporary_folder.hpp"

namespace migrate::test {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

constexpr int exit_code_without_alembic = 77;

Json to_json(const revision::NodeInput& input) {
  Names parents;
  for (const auto& parent : input.parents) parents.push_back(parent.str());
  return {{"id", input.id.str()}, {"parents", parents}, {"depends_on", input.depends_on}, {"labels", input.labels}};
}

Json to_json(const Task& task) {
  Json nodes = Json::array();
  for (const auto& node : task.nodes) nodes.push_back(to_json(node));
  Json queries = Json::array();
  for (const auto& query : task.queries) {
    queries.push_back({{"verb", query.verb}, {"rows", query.rows}, {"target", query.target}});
  }
  return {{"nodes", nodes}, {"queries", queries}};
}

Names names(const Json& json, const char* key) { return json.value(key, Names()); }

Answer answer_of(const Json& json) {
  Answer answer{json.value("error", ""), names(json, "steps"), names(json, "nodes"), std::nullopt};
  if (const auto rows = json.find("rows"); rows != json.end() && !rows->is_null()) answer.rows = rows->get<Names>();
  return answer;
}

Answers answers_of(const Json& json) {
  Answers result{names(json, "heads"),
                 names(json, "effective_heads"),
                 names(json, "bases"),
                 names(json, "branch_points"),
                 names(json, "merge_points"),
                 json.at("branches"),
                 {}};
  for (const auto& answer : json.at("answers")) result.answers.push_back(answer_of(answer));
  return result;
}

}  // namespace

std::optional<std::vector<Answers>> ask_alembic(const std::vector<Task>& tasks) {
  const TemporaryFolder folder;
  {
    std::ofstream questions(folder / "questions");
    for (const auto& task : tasks) questions << to_json(task).dump() << '\n';
  }
  // The interpreter of the system: another one first in the path would not have the system's packages.
  const auto command = fmt::format("/usr/bin/python3 '{}/tests/property/alembic_oracle.py' < '{}' > '{}'",
                                   MIGRATE_SOURCE_DIR, (folder / "questions").string(), (folder / "answers").string());
  const int status = std::system(command.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == exit_code_without_alembic || code == 127) return std::nullopt;
  if (code != 0) throw std::runtime_error(fmt::format("the oracle ended with {}", code));

  std::vector<Answers> result;
  std::ifstream answers(folder / "answers");
  for (std::string line; std::getline(answers, line);) result.push_back(answers_of(Json::parse(line)));
  if (result.size() != tasks.size()) throw std::runtime_error("the oracle gave another number of answers");
  return result;
}

}  // namespace migrate::test
