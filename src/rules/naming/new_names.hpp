// The names that a statement gives to things that are new, or anew. Partitions and temporary tables may be called
// anything.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <migrate/rules/rule.hpp>

namespace migrate::rules {

struct NewName {
  NameKind kind = NameKind::table;
  std::string name;      // as the server stores it; empty: the server picks one
  ByteRange range;       // of the name alone; empty: nobody knows where it is written
  ByteRange definition;  // of what it names: a constraint, a column, the statement
  NameParts parts;
  std::vector<std::string> include;  // columns of INCLUDE: they are in generated names
  NameParts otherwise;               // of indexes: with the columns inside of expressions
  bool if_not_exists = false;
  bool renames = false;
};

// Those of some kinds: what nobody asks for is not put together.
class NameKinds {
 public:
  constexpr NameKinds(std::initializer_list<NameKind> kinds) {
    for (const NameKind kind : kinds) bits_ |= bit(kind);
  }
  static constexpr NameKinds all() {
    NameKinds kinds{};
    kinds.bits_ = ~std::uint32_t{0};
    return kinds;
  }
  [[nodiscard]] constexpr bool has(NameKind kind) const { return (bits_ & bit(kind)) != 0; }

 private:
  static constexpr std::uint32_t bit(NameKind kind) { return std::uint32_t{1} << static_cast<unsigned>(kind); }
  std::uint32_t bits_ = 0;
};
std::vector<NewName> new_names(const Site& site, NameKinds kinds = NameKinds::all());

// The last identifier written in a range: `name` of `schema.name`. An empty range where there is none.
ByteRange last_identifier(const Site& site, ByteRange range);

}  // namespace migrate::rules
