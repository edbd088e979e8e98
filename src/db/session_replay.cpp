#include "db/session_replay.hpp"

#include <migrate/base/text.hpp>
#include <migrate/sql/model.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace migrate::db {
namespace {

struct Setting {
  std::string name;  // empty: only the server knows
  bool takes_back;   // whether what was set before it under this name is gone
  bool reset_all;
};

// pg_dump's `SELECT pg_catalog.set_config('search_path', '', false)`. Whether it holds, or for its transaction alone,
// is in an argument of any kind: it is said again, and takes nothing back.
std::optional<Setting> set_config(const SourcePtr& source, const std::vector<sql::Token>& tokens) {
  std::vector<std::string_view> words;
  for (const auto& token : tokens) {
    if (token.kind != sql::TokenKind::comment) words.push_back(token.range.of(source->text()));
    if (words.size() == 6) break;
  }
  const auto is = [&](std::size_t i, std::string_view word) {
    return i < words.size() && equals_ignoring_case(words[i], word);
  };
  const std::size_t at = is(1, "pg_catalog") && is(2, ".") ? 3 : 1;
  if (!is(0, "SELECT") || !is(at, "set_config") || !is(at + 1, "(")) return std::nullopt;
  std::string_view name = at + 2 < words.size() ? words[at + 2] : std::string_view();
  const bool literal = name.size() > 2 && name.front() == '\'' && name.back() == '\'';
  return Setting{literal ? to_lower_ascii(name.substr(1, name.size() - 2)) : std::string(), false, false};
}

std::optional<Setting> setting_of(const SourcePtr& source, ByteRange statement) {
  const sql::Model model = sql::read_model(source, statement);
  const auto* variable = std::get_if<sql::SetVariable>(&model.action);
  if (!variable) return set_config(source, model.tokens);
  if (variable->local || variable->name == "transaction") return std::nullopt;
  // SET SESSION CHARACTERISTICS is one name for several things.
  const bool one_thing = variable->name != "session characteristics";
  return Setting{variable->name, one_thing, variable->reset && variable->name == "all"};
}

// RESET ALL leaves who the session is.
bool is_of_all(const std::string& name) { return name != "role" && name != "session_authorization"; }

}  // namespace

std::vector<std::size_t> lasting_settings(const RevisionRun& run, std::size_t done) {
  std::vector<std::size_t> lasting;
  std::set<std::string> taken_back;
  bool all_taken_back = false;
  for (std::size_t i = std::min(done, run.statements.size()); i-- > 0;) {
    const auto setting = setting_of(run.source, run.statements[i].statement.range);
    if (!setting) continue;
    if (taken_back.contains(setting->name) || (all_taken_back && is_of_all(setting->name))) continue;
    lasting.push_back(i);
    if (setting->reset_all) {
      all_taken_back = true;
    } else if (setting->takes_back) {
      taken_back.insert(setting->name);
    }
  }
  std::reverse(lasting.begin(), lasting.end());
  return lasting;
}

}  // namespace migrate::db
