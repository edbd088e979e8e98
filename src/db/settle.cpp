#include "db/settle.hpp"

#include <migrate/base/log.hpp>
#include <migrate/base/text.hpp>

#include "db/journal_tables.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{30};
constexpr milliseconds look_interval{100};

// Whether the COMMIT reached it is open as long as it lives: it may be about to commit, or sit in the transaction
// waiting for the rest of a message that will never come. Checked on 14 to 18.
constexpr std::string_view end_query = R"(SELECT pg_catalog.pg_terminate_backend(a.pid)
FROM pg_catalog.pg_stat_get_activity($1::integer) a WHERE a.backend_start = $2::timestamptz)";

constexpr std::string_view row_query = "SELECT state FROM {} WHERE revision = $1";

constexpr std::string_view transaction_query = "SELECT pg_catalog.txid_status($1::bigint)";

// Behind a pooler the old server process may be at work for another client: the transaction is asked about by its
// number.
Settled settle_by_transaction(Session& session, const std::string& transaction_id) {
  const std::array<std::optional<std::string>, 1> number{transaction_id};
  for (const auto begun = Clock::now(); Clock::now() - begun < patience;) {
    const auto rows = session.query(transaction_query, number);
    if (!rows || rows->empty() || !rows->front()[0]) return Settled::unknown;
    if (rows->front()[0] == "committed") return Settled::committed;
    if (rows->front()[0] == "aborted") return Settled::rolled_back;
    if (!session.pause(look_interval)) return Settled::unknown;
  }
  return Settled::unknown;
}

bool wait_for_end(Session& session, int backend_pid, const std::string& backend_start) {
  const std::array<std::optional<std::string>, 2> process{fmt::format("{}", backend_pid), backend_start};
  for (const auto begun = Clock::now(); Clock::now() - begun < patience;) {
    const auto rows = session.query(end_query, process);
    if (!rows) return false;
    if (rows->empty()) return true;
    if (!session.pause(look_interval)) return false;
  }
  return false;
}

}  // namespace

Settled settle_commit(const SessionState& lost, const Journal& journal, const RevisionRun& run) {
  log::debug("the answer to COMMIT was lost: connecting again to settle it");
  ConnectOptions options = lost.options;
  options.wait = patience;
  // A server process may be ended by its own user, which the role need not be.
  options.role.clear();
  auto session = Session::connect(options);
  if (!session) return Settled::unknown;
  if (lost.is_shared()) return settle_by_transaction(*session, lost.transaction_id);
  if (!wait_for_end(*session, lost.info.backend_pid, lost.backend_start)) return Settled::unknown;

  if (!lost.options.role.empty() && !session->execute("SET ROLE " + quote_identifier(lost.options.role))) {
    return Settled::unknown;
  }
  const std::array<std::optional<std::string>, 1> id{run.entry.id.str()};
  const auto rows = session->query(fmt::format(fmt::runtime(row_query), JournalTables(journal.schema()).revision), id);
  if (!rows) return Settled::unknown;
  const bool there = !rows->empty() && rows->front()[0] == word(RevisionState::applied);
  const bool done = run.direction == Direction::up ? there : rows->empty();
  return done ? Settled::committed : Settled::rolled_back;
}

}  // namespace migrate::db
