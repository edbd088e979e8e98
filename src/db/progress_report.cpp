#include "db/progress_report.hpp"

#include <migrate/db/field.hpp>

#include <fmt/format.h>

namespace migrate::db {
namespace {

// Checked on 14 to 18: only what all of them have. Totals of 0 are not known yet. Blocks are told as bytes.
constexpr std::string_view progress_query = R"(SELECT phase, CASE unit WHEN 'blocks' THEN 'bytes' ELSE unit END,
  done * factor, nullif(total, 0) * factor
FROM (
  SELECT coalesce(phase, '') || CASE WHEN partitions_total > 0
      THEN pg_catalog.format(' (partition %s of %s)', least(partitions_done + 1, partitions_total), partitions_total)
      ELSE '' END,
    u.unit,
    CASE u.unit WHEN 'sessions' THEN lockers_done WHEN 'rows' THEN tuples_done ELSE blocks_done END,
    CASE u.unit WHEN 'sessions' THEN lockers_total WHEN 'rows' THEN tuples_total ELSE blocks_total END
  FROM pg_catalog.pg_stat_progress_create_index,
    LATERAL (SELECT CASE WHEN phase LIKE 'waiting %' THEN 'sessions'
                         WHEN phase LIKE '% loading %' OR phase LIKE '% sorting %' THEN 'rows'
                         ELSE 'blocks' END) u(unit)
  WHERE pid = {0}
  UNION ALL
  SELECT phase, CASE WHEN phase IN ('scanning heap', 'vacuuming heap') THEN 'blocks' ELSE '' END,
    CASE phase WHEN 'scanning heap' THEN heap_blks_scanned WHEN 'vacuuming heap' THEN heap_blks_vacuumed ELSE 0 END,
    CASE WHEN phase IN ('scanning heap', 'vacuuming heap') THEN heap_blks_total ELSE 0 END
  FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = {0}
  UNION ALL
  SELECT phase,
    CASE phase WHEN 'seq scanning heap' THEN 'blocks' WHEN 'index scanning heap' THEN 'rows'
               WHEN 'writing new heap' THEN 'rows' WHEN 'rebuilding index' THEN 'indexes' ELSE '' END,
    CASE phase WHEN 'seq scanning heap' THEN heap_blks_scanned WHEN 'index scanning heap' THEN heap_tuples_scanned
               WHEN 'writing new heap' THEN heap_tuples_written WHEN 'rebuilding index' THEN index_rebuild_count
               ELSE 0 END,
    CASE phase WHEN 'seq scanning heap' THEN heap_blks_total WHEN 'writing new heap' THEN heap_tuples_scanned
               ELSE 0 END
  FROM pg_catalog.pg_stat_progress_cluster WHERE pid = {0}
  UNION ALL
  SELECT phase, CASE WHEN phase LIKE 'acquiring %' THEN 'blocks' ELSE '' END,
    CASE WHEN phase LIKE 'acquiring %' THEN sample_blks_scanned ELSE 0 END,
    CASE WHEN phase LIKE 'acquiring %' THEN sample_blks_total ELSE 0 END
  FROM pg_catalog.pg_stat_progress_analyze WHERE pid = {0}
  UNION ALL
  SELECT 'copying', 'bytes', bytes_processed, bytes_total
  FROM pg_catalog.pg_stat_progress_copy WHERE pid = {0}
) p(phase, unit, done, total),
  LATERAL (SELECT CASE unit WHEN 'blocks' THEN pg_catalog.current_setting('block_size')::bigint ELSE 1 END) f(factor)
LIMIT 1)";

// Process 0 is a prepared transaction. Who waits in CONCURRENTLY waits for the virtual transactions of others, one
// after another: they are locks too. Checked on 14 to 18.
constexpr std::string_view blockers_query = R"(SELECT b.pid, a.usename, a.application_name, a.state,
  extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint
FROM (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids({0})) pid) b
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
ORDER BY a.xact_start NULLS LAST, b.pid LIMIT 10)";

}  // namespace

std::string progress_sql(int backend_pid) { return fmt::format(fmt::runtime(progress_query), backend_pid); }

Progress read_progress(const Row& row) {
  Progress progress;
  progress.phase = row[0].value_or(std::string());
  progress.unit = row[1].value_or(std::string());
  progress.done = to_number<std::int64_t>(row[2]).value_or(0);
  progress.total = to_number<std::int64_t>(row[3]);
  return progress;
}

std::string blockers_sql(int backend_pid) { return fmt::format(fmt::runtime(blockers_query), backend_pid); }

std::vector<Blocker> read_blockers(const std::vector<Row>& rows) {
  std::vector<Blocker> blockers;
  for (const Row& row : rows) {
    Blocker blocker{.pid = to_number<int>(row[0]).value_or(0),
                    .user = row[1].value_or(std::string()),
                    .application = row[2].value_or(std::string()),
                    .state = row[3].value_or(std::string()),
                    .since = std::nullopt};
    if (const auto age = to_number<std::int64_t>(row[4])) blocker.since = std::chrono::seconds(*age);
    blockers.push_back(std::move(blocker));
  }
  return blockers;
}

}  // namespace migrate::db
