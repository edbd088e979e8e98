#include <migrate/db/client_environment.hpp>

#include "db/session_state.hpp"

namespace migrate::db {

std::vector<std::pair<std::string, std::string>> client_environment(Session& session) {
  std::vector<std::pair<std::string, std::string>> variables;
  const PqOptions options(PQconninfo(SessionAccess::state(session).raw()));
  if (!options) return variables;
  for (const auto* option = options.get(); option->keyword; ++option) {
    if (!option->envvar || !option->val || !*option->val) continue;
    variables.emplace_back(option->envvar, option->val);
  }
  // The service's values are in effect already; named again, its file could give others.
  std::erase_if(variables, [](const auto& one) { return one.first == "PGSERVICE" || one.first == "PGAPPNAME"; });
  return variables;
}

}  // namespace migrate::db
