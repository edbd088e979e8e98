// What ALTER COLUMN ... TYPE does to a table.
#pragma once

#include <string>

#include <migrate/rules/rule.hpp>

namespace migrate::rules {

enum class TypeChange {
  none,          // the same type
  free,          // binary coercible, or wider: the catalog alone changes
  by_time_zone,  // timestamp <-> timestamptz: free where the session's time zone is UTC
  rewrite,       // every row is written anew
  unknown,       // nobody knows the present type
};

// Of a column's present type to the new one. Source: ATColumnChangeRequiresRewrite and the support functions of
// varchar, varbit, numeric, timestamp, time and interval in PostgreSQL 14 to 18.
TypeChange change_of(const sql::TypeRef& from, const sql::TypeRef& to);

// The change of one ALTER TABLE command, with its USING: an expression that is more than the column itself rewrites.
TypeChange change_of(const Site& site, const sql::AlterTable& alter, const sql::AlterCommand& command);

// The session's time zone has no offset, by a SET of the revision or as the server says. False where nobody knows.
bool zone_is_utc(const Site& site);
// True if values of `from` may not fit into `to`.
bool narrows(const sql::TypeRef& from, const sql::TypeRef& to);

// As people write it: "character varying(40)" is varchar(40) here.
std::string to_text(const sql::TypeRef& type);

}  // namespace migrate::rules
