// The names of the journal's tables, and of their words.
#pragma once

#include <migrate/base/text.hpp>
#include <migrate/db/journal.hpp>

#include <string>
#include <string_view>

namespace migrate::db {

struct JournalTables {
  explicit JournalTables(const std::string& schema)
      : revision(quote_identifier(schema) + ".migrate_revision"), log(quote_identifier(schema) + ".migrate_log") {}
  std::string revision, log;
};

inline std::string_view word(RevisionState state) {
  switch (state) {
    case RevisionState::applied: return "applied";
    case RevisionState::applying: return "applying";
    case RevisionState::reverting: return "reverting";
  }
  return {};
}

inline std::string_view word(Direction direction) { return direction == Direction::up ? "up" : "down"; }

// What the log says of a statement that is about to be sent.
inline std::string started_message(int statement) { return "statement " + std::to_string(statement); }

}  // namespace migrate::db
