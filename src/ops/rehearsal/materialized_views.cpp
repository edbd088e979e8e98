#include "ops/rehearsal/materialized_views.hpp"

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::ops {
namespace {

// What a view reads, itself or through others: one that reads another reads more than that one. A foreign table may be
// a partition too. Checked on 14 to 18.
constexpr std::string_view populated_query = R"(
WITH RECURSIVE reads (view, relation) AS (
  SELECT c.oid, c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'm' AND c.relispopulated
  UNION
  SELECT r.view, further.relation FROM reads r
  CROSS JOIN LATERAL (
    SELECT d.refobjid AS relation FROM pg_catalog.pg_rewrite w
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass
    WHERE w.ev_class = r.relation AND w.ev_type = '1'
    UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = r.relation) further
)
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.bool_or(x.relkind = 'f')
FROM reads r
JOIN pg_catalog.pg_class x ON x.oid = r.relation
JOIN pg_catalog.pg_class c ON c.oid = r.view
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
GROUP BY c.oid, n.nspname, c.relname
ORDER BY pg_catalog.count(*) FILTER (WHERE x.relkind = 'm'), 1)";

void warn(const Context& context, const PopulatedView& view, const std::string& why) {
  context.observer.warning(
      warning("copy-unpopulated",
              fmt::format("materialized view {} is not populated in the copy, and cannot be read there", view.name))
          .note(why)
          .note("what a revision does with it cannot be told here; the database itself has it populated"));
}

}  // namespace

Result<std::vector<PopulatedView>> read_populated_views(db::Session& session) {
  const auto rows = session.query(populated_query);
  if (!rows) {
    return fail(db::to_diagnostic(rows.error()).note("state", "nothing was changed"), ExitCode::unreachable);
  }
  std::vector<PopulatedView> views;
  for (const auto& row : *rows) views.push_back({.name = row[0].value_or(""), .foreign = row[1] == "t"});
  return views;
}

void populate(const Context& context, db::Session& copy, const std::vector<PopulatedView>& views) {
  for (const auto& view : views) {
    if (view.foreign) {
      warn(context, view, "it reads a foreign table: its rows are those of another server");
      continue;
    }
    const auto done = copy.execute("REFRESH MATERIALIZED VIEW " + view.name);
    // The next thing that is asked of the copy tells.
    if (!done && (done.error().interrupted || done.error().connection_lost)) return;
    if (!done) warn(context, view, "postgres: " + done.error().message);
  }
}

}  // namespace migrate::ops
