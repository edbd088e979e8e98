#include <migrate/rules/effects.hpp>

#include <algorithm>
#include <type_traits>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {
namespace {

constexpr std::array<std::string_view, 9> lock_texts{
    "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
    "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};

constexpr std::array<std::string_view, 12> part_texts{"target",      "partitions", "parent",     "default partition",
                                                      "other",       "table",      "indexes",    "referenced",
                                                      "referencing", "read",       "dependents", "sequences"};

template <class T>
concept HasNoEffect = std::is_same_v<T, sql::SetVariable> || std::is_same_v<T, sql::Transaction>;

template <class T>
concept LeavesRelations = std::is_same_v<T, sql::CreateSchema> || std::is_same_v<T, sql::AddEnumValue>;

}  // namespace

std::string_view to_text(LockMode mode) { return lock_texts[static_cast<std::size_t>(mode)]; }
std::string_view to_text(Part part) { return part_texts[static_cast<std::size_t>(part)]; }

const RelationEffect* StatementEffects::find(const sql::QualifiedName& name) const {
  const auto found =
      std::find_if(relations.begin(), relations.end(), [&](const RelationEffect& one) { return one.name == name; });
  return found == relations.end() ? nullptr : &*found;
}

StatementEffects effects_of(const sql::Model& statement, const catalog::Schema& before, int server_version) {
  Gathering to(before, server_version);
  if (!statement.parsed) to.may_do_more();
  std::visit(
      [&]<class Statement>(const Statement& action) {
        if constexpr (HasNoEffect<Statement>) {
        } else if constexpr (LeavesRelations<Statement>) {
          to.touch(Shape::no_relation, Places{});
        } else {
          gather(to, action);
        }
      },
      statement.action);
  return to.finish();
}

}  // namespace migrate::rules
