// New revisions that come with their statements.
#pragma once

#include <string>

#include <migrate/base/result.hpp>
#include <migrate/ops/make_revision.hpp>

namespace migrate::ops {

struct Sections {
  std::string upgrade_sql, downgrade_sql;
};

// As make_revision(); empty sections are places to write them.
Result<MadeRevision> make_revision(const Context& context, const RevisionOptions& options, const Sections& sections);

}  // namespace migrate::ops
