// What a server does for a statement: its locks, the files it writes anew, the tables it reads.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "effects/cases.hpp"
#include "support/test_server.hpp"

namespace migrate::test {

// Of one relation that was there before.
struct Seen {
  char kind = 'r';    // pg_class.relkind
  std::string table;  // of an index: its table
  std::string mode;   // the strongest, as pg_locks names it: "AccessExclusiveLock"; empty: none
  bool rewritten = false;
  bool scanned = false;
  bool indexed = false;  // an index of it was built
};

struct Observation {
  std::map<std::string, Seen> relations;  // by "schema.name"
  bool in_transaction = true;             // false: the server refuses it in a transaction block, and it ran outside
};

// The strength of a mode of pg_locks, 1 to 8; 0 for none.
int strength(const std::string& mode);

// Everything that a case needs is made anew in the schema public.
void prepare(Connection& connection, const Case& one, bool partitioned);

// Runs the statement in a transaction that is rolled back; outside of one, with others in its way, where the server
// demands it. Throws what the server says against it.
Observation observe(TestDatabase& database, const Case& one);

}  // namespace migrate::test
