// How far a statement reaches. Roles, databases and tablespaces belong to a whole server: in a copy beside the original
// a statement about them changes the real ones.
#pragma once

#include <string>
#include <string_view>

#include <migrate/sql/statement.hpp>

namespace migrate::ops {

struct Reach {
  enum class Kind {
    database,  // what it changes is in its database
    unknown,   // it runs SQL that cannot be read here
    server,    // it changes what its server has once
    further,   // it changes something outside of its server
  } kind = Kind::database;
  std::string summary;  // the statement that reaches so far, in a DO block the one inside
  std::string why;      // a sentence for people
};

// Requires: `facts` are those of `text`. Cost: nothing where the tag tells.
Reach reach_of(const sql::StatementFacts& facts, std::string_view text);

}  // namespace migrate::ops
