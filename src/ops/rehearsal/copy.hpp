// A copy of a database's schema, to try things on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/rehearse.hpp>

#include "ops/rehearsal/confines.hpp"
#include "ops/rehearsal/dump.hpp"
#include "ops/rehearsal/last_will.hpp"
#include "ops/rehearsal/materialized_views.hpp"

namespace migrate::ops {

// What is to be copied: as SQL, and what pg_dump leaves out.
struct Original {
  std::string schema, journal;  // SQL; `journal` are its rows
  std::string schema_without_owners;
};

// As the original's user sees it; materialized views are populated where they were, from tables without rows. It is
// gone at the end of its life, and when this process is killed.
struct Copy {
  std::unique_ptr<LastWill> will;
  db::Session session;
  Client client;  // as an owner of everything in it
  CopyPlace place = CopyPlace::embedded;
  std::string name;  // of the database
};

// What the original's server lets its user do, and what it has.
struct Surroundings {
  std::string database, user;  // the current user: a role that was set counts
  bool superuser = false;
  bool may_make_databases = false;
  std::string owner, encoding, collate, ctype;  // of the database
  bool may_make_schemas = false;
  std::vector<std::string> extensions;
  std::vector<std::pair<std::string, std::string>> settings;  // that change what statements mean
  std::vector<std::string> role_statements;                   // CREATE ROLE, GRANT
  std::vector<PopulatedView> populated;
};

Result<Surroundings> read_surroundings(db::Session& session);

// Never beside the original where `confines` say so. Errors: `no-copy`, `copy-failed`, `server-wide-statement`, those
// of the embedded PostgreSQL and of connecting (exit code 3).
Result<Copy> make_copy(const Context& context, Connection& original, const Surroundings& surroundings,
                       const std::filesystem::path& programs, CopyPlace wanted, const Confines& confines,
                       const Original& content);

}  // namespace migrate::ops
