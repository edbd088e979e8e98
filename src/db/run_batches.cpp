#include "db/run_batches.hpp"

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/db/field.hpp>
#include <migrate/db/progress.hpp>

#include "db/batch_resume.hpp"
#include "db/batch_walk.hpp"
#include "db/replica_lag.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds tick_interval{100};
constexpr milliseconds progress_interval{1000};
constexpr milliseconds lag_interval{1000};

// A batch that waited for a row sees what became of it.
constexpr std::string_view begin_batch = "BEGIN ISOLATION LEVEL READ COMMITTED;\n";
// What is asked for a key goes back to the server later, perhaps with other settings.
constexpr std::string_view plain_words =
    "BEGIN ISOLATION LEVEL READ COMMITTED;\nSET LOCAL datestyle TO ISO;\nSET LOCAL intervalstyle TO postgres;\nSET "
    "LOCAL extra_float_digits TO 1;\n";

class BatchRun {
 public:
  BatchRun(RunContext& context, std::size_t index, const std::optional<BatchRecord>& before)
      : context_(context),
        run_(context.run),
        index_(index),
        statement_(run_.statements[index]),
        batch_(*statement_.treatment.batch),
        pause_(batch_.pause.value_or(run_.batch_pause)),
        max_lag_(batch_.max_lag.value_or(run_.batch_max_lag)),
        lag_(context.session),
        before_(before) {}

  Result<void, RunFailure> go() {
    context_.observer.statement_started(run_, index_);
    auto done = work();
    if (done) return {};
    RunFailure failure = std::move(done).error();
    failure.batches = BatchesDone{record_.batches, record_.rows};
    return Unexpected{std::move(failure)};
  }

 private:
  Result<void, RunFailure> work() {
    MIGRATE_TRY(begin());
    for (;;) {
      MIGRATE_TRY(wait_for_replicas());
      MIGRATE_TRY_ASSIGN(const bool more, batch_.repeat ? run_once_more() : run_next_stretch());
      if (!more) break;
      context_.forget_tries();
      tell("in batches");
      if (last_rows_ > 0) MIGRATE_TRY(rest(pause_));
    }
    Executed executed;
    executed.command_tag = fmt::format("{} {}", statement_.facts.tag, record_.rows);
    executed.rows = record_.rows;
    executed.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun_);
    context_.observer.statement_done(run_, index_, executed);
    return {};
  }

  Result<void, RunFailure> begin() {
    record_ = before_.value_or(BatchRecord{.statement = number()});
    record_.shape = shape_of(batch_);
    MIGRATE_TRY(find_table());
    if (batch_.repeat && record_.key.empty()) return {};
    if (batch_.repeat) return refuse_changed("walked along a key");
    MIGRATE_TRY(find_walk());
    if (before_ && record_.key != walk_->key().names()) {
      return refuse_changed(record_.key.empty() ? "repeated as it stood"
                                                : "walked along (" + join_with_and(record_.key) + ")");
    }
    if (!before_) MIGRATE_TRY(find_end());
    return estimate();
  }

  Result<void, RunFailure> find_table() {
    auto table = db::find_table(context_.session, batch_);
    if (!table) return failed(std::move(table).error());
    if (before_ && !before_->table.empty() && before_->table != *table) {
      return refuse_changed("run on `" + before_->table + "`");
    }
    record_.table = *std::move(table);
    return {};
  }

  Result<void, RunFailure> find_walk() {
    auto key = find_key(context_.session, batch_);
    if (!key) return failed(std::move(key).error());
    const std::string table = to_text(batch_.table);
    if (!*key) {
      return refuse(
          "batch-without-key", fmt::format("`{}` has no primary key to walk along", table),
          "a unique index whose columns are NOT NULL would do as well; or bound the statement yourself with a "
          "LIMIT, and write `-- migrate:batch repeat`");
    }
    for (const auto& column : (*key)->names()) {
      if (std::find(batch_.assigned.begin(), batch_.assigned.end(), column) == batch_.assigned.end()) continue;
      return refuse("batch-changes-key",
                    fmt::format("the statement changes `{}`, which is in the key of `{}`", column, table),
                    "the walk goes along that key, and would meet rows twice or miss them");
    }
    auto aggregates = find_aggregates(context_.session, batch_);
    if (!aggregates) return failed(std::move(aggregates).error());
    if (!aggregates->empty()) {
      return refuse("invalid-batch", fmt::format("`{}()` needs all rows at once", aggregates->front()),
                    "remove `-- migrate:batch`");
    }
    auto obstacle = find_obstacle(context_.session, batch_);
    if (!obstacle) return failed(std::move(obstacle).error());
    if (*obstacle) return refuse((*obstacle)->id, (*obstacle)->message, (*obstacle)->hint);
    walk_.emplace(batch_, **std::move(key));
    return {};
  }

  Result<void, RunFailure> find_end() {
    record_.key = walk_->key().names();
    MIGRATE_TRY_ASSIGN(const auto last, ask(walk_->end_sql()));
    if (last.empty()) return {};
    MIGRATE_TRY(refuse_null(last.front()));
    for (const auto& value : last.front()) record_.end.push_back(*value);
    return {};
  }

  // A NULL is behind all values, and no comparison meets it.
  [[nodiscard]] Result<void, RunFailure> refuse_null(const Row& key) const {
    if (std::find(key.begin(), key.end(), std::nullopt) == key.end()) return {};
    return refuse("batch-without-key", fmt::format("the key of `{}` has a NULL", to_text(batch_.table)),
                  "a row without a key cannot be met on a walk along it");
  }

  Result<void, RunFailure> estimate() {
    MIGRATE_TRY_ASSIGN(const auto plan, ask(walk_->rest_sql(record_.after, record_.end)));
    if (const auto rest = BatchWalk::read_rest(plan)) about_ = record_.seen + *rest;
    return {};
  }

  // --- along the key of a table ---

  Result<bool, RunFailure> run_next_stretch() {
    std::optional<Stretch> stretch;
    if (!record_.end.empty()) {
      MIGRATE_TRY_ASSIGN(const auto answer, ask(walk_->next_sql(record_.after, record_.end, batch_.rows)));
      if (!answer.empty()) MIGRATE_TRY(refuse_null(answer.front()));
      stretch = BatchWalk::read_next(answer);
      if (stretch && !stretch->exact) return refuse_inexact(*stretch);
    }
    if (!stretch) {
      MIGRATE_TRY(commit(begin_batch, context_.journal.last_batch_done_sql(run_.entry.id, number())));
      return false;
    }
    const auto narrowed = sql::narrow(text(), batch_, walk_->condition(record_.after, stretch->last));
    MIGRATE_TRY_ASSIGN(const std::int64_t rows, run_and_tell(narrowed, [&](std::int64_t changed) {
                         record_.after = stretch->last;
                         record_.seen += stretch->rows;
                         count(changed);
                         return context_.journal.batch_done_sql(run_.entry.id, run_.direction, record_);
                       }));
    last_rows_ = rows;
    return true;
  }

  // Contrib's `seg` writes fewer digits than it compares: rows between the key and its text would be left out.
  [[nodiscard]] Unexpected<RunFailure> refuse_inexact(const Stretch& stretch) const {
    return refuse("batch-without-key",
                  fmt::format("a key of `{}` is written as ({}), which is another key when it is read again",
                              to_text(batch_.table), fmt::join(stretch.last, ", ")),
                  "the walk cannot be told where it is by a text; bound the statement yourself with a LIMIT, and write "
                  "`-- migrate:batch repeat`");
  }

  // --- as it stands ---

  Result<bool, RunFailure> run_once_more() {
    const sql::Narrowed as_it_stands{std::string(text()), {}};
    MIGRATE_TRY_ASSIGN(const std::int64_t rows, run_and_tell(as_it_stands, [&](std::int64_t changed) {
                         if (changed == 0 && !moved_)
                           return context_.journal.last_batch_done_sql(run_.entry.id, number());
                         count(changed);
                         record_.seen = record_.rows;
                         return context_.journal.batch_done_sql(run_.entry.id, run_.direction, record_);
                       }));
    last_rows_ = rows;
    if (rows > 0) MIGRATE_TRY(guard_end());
    return rows > 0 || moved_;
  }

  // An UPDATE leaves its rows where they are: whoever has changed more rows than there are has changed some twice.
  Result<void, RunFailure> guard_end() {
    most_rows_ = std::max(most_rows_, last_rows_);
    if (batch_.assigned.empty() || record_.rows <= counted_) return {};
    const std::string table = (batch_.only ? "ONLY " : "") + table_sql(batch_);
    MIGRATE_TRY_ASSIGN(const auto answer, ask("SELECT pg_catalog.count(*) FROM " + table));
    const std::int64_t present = answer.empty() ? 0 : to_number<std::int64_t>(answer.front()[0]).value_or(0);
    counted_ = present + most_rows_;  // and what others have deleted meanwhile
    if (record_.rows <= counted_) return {};
    return refuse(
        "batch-without-end",
        fmt::format("{} rows are changed, and `{}` has {}: it changes rows again that it has changed", record_.rows,
                    to_text(batch_.table), present),
        "ask for rows that are still to be changed, or write `rows=5000` instead of `repeat` and leave out the "
        "LIMIT: then each row is changed once");
  }

  // --- one transaction ---

  // `tell` makes the journal's SQL of the number of changed rows, and the record what the journal will know: it is put
  // back where that does not come to be.
  template <class Tell>
  Result<std::int64_t, RunFailure> run_and_tell(const sql::Narrowed& narrowed, const Tell& tell) {
    const BatchRecord before = record_;
    for (;;) {
      auto tried = try_once(narrowed, tell);
      if (tried) return tried;
      record_ = before;
      RunFailure failure = std::move(tried).error();
      if (!is_lock_failure(failure.server_error)) return Unexpected{std::move(failure)};
      context_.end_transaction();
      if (!context_.try_again(failure)) return Unexpected{std::move(failure)};
    }
  }

  template <class Tell>
  Result<std::int64_t, RunFailure> try_once(const sql::Narrowed& narrowed, const Tell& tell) {
    std::string begin = std::string(begin_batch) + context_.keep_place_sql(index_);
    std::int64_t before = 0;
    const bool moves = batch_.repeat && batch_.kind == sql::BatchKind::insert;
    if (moves) {
      MIGRATE_TRY_ASSIGN(before, count_deleted(std::exchange(begin, "")));
    }
    Exchange done = context_.send_part(index_, begin + narrowed.text, begun_);
    if (done.error) {
      done.error->position = original_place(*done.error, narrowed, begin.size());
      return failed(*std::move(done.error));
    }
    const std::int64_t rows = done.executed.rows.value_or(0);
    moved_ = false;
    if (moves && rows == 0) {
      MIGRATE_TRY_ASSIGN(const std::int64_t after, count_deleted(""));
      moved_ = after > before;
    }
    MIGRATE_TRY(commit("", tell(rows)));
    return rows;
  }

  // An INSERT tells what it adds: nothing, where a trigger or a condition leaves out all that was taken away.
  Result<std::int64_t, RunFailure> count_deleted(const std::string& begin) {
    auto asked = exchange(context_.state, {.sql = begin + deleted_sql(batch_), .keep_rows = true});
    if (asked.error) return failed(*std::move(asked.error));
    if (const auto count = to_number<std::int64_t>(asked.executed.result.front()[0])) return *count;
    return refuse("batch-without-end", "`track_counts` is off: nobody counts the rows that are moved", "turn it on");
  }

  [[nodiscard]] std::optional<CharOffset> original_place(const ServerError& error, const sql::Narrowed& narrowed,
                                                         std::size_t before) const {
    if (!error.position || error.position->value < before) return std::nullopt;
    const ByteOffset at = to_byte_offset(narrowed.text, {error.position->value - before});
    const auto original = sql::to_original(narrowed, at);
    return original ? std::optional(to_char_offset(text(), *original)) : std::nullopt;
  }

  Result<void, RunFailure> commit(std::string_view begin, const std::string& journal_sql) {
    context_.speak_utf8();
    Exchange committed =
        exchange(context_.state, {.sql = fmt::format("{}{};\n{}{};\nCOMMIT", begin, context_.as_ourselves_sql(),
                                                     context_.keep_lock_sql(), journal_sql)});
    if (!committed.error) return {};
    const bool before_commit = context_.session.transaction_status() == TransactionStatus::failed_block;
    RunFailure failure = context_.failure(*std::move(committed.error), index_);
    failure.stage = before_commit ? RunStage::journal : RunStage::commit;
    return Unexpected{std::move(failure)};
  }

  // Our own question, which waits for the table's lock as the statement does.
  Result<std::vector<Row>, RunFailure> ask(const std::string& sql) {
    for (;;) {
      Exchange asked =
          exchange(context_.state, {.sql = fmt::format("{}{};\nCOMMIT", plain_words, sql), .keep_rows = true},
                   [&](milliseconds) { context_.observer.statement_running(run_, index_, elapsed()); });
      if (!asked.error) return std::move(asked.executed.result);
      RunFailure failure = context_.failure(*std::move(asked.error), index_);
      failure.server_error.position.reset();  // it is in our question
      context_.end_transaction();
      if (!context_.try_again(failure)) return Unexpected{std::move(failure)};
    }
  }

  Result<void, RunFailure> wait_for_replicas() {
    if (max_lag_.count() == 0) return {};
    for (;;) {
      auto worst = lag_.look();
      if (!worst) return failed(std::move(worst).error());
      if (!*worst || (*worst)->lag <= max_lag_) return {};
      tell(fmt::format("waiting for replica {}, {} behind", (*worst)->name,
                       format_duration(std::chrono::floor<std::chrono::seconds>((*worst)->lag))));
      MIGRATE_TRY(rest(lag_interval));
    }
  }

  // --- small things ---

  [[nodiscard]] int number() const { return static_cast<int>(index_) + 1; }
  [[nodiscard]] std::string_view text() const { return run_.source->text(statement_.statement.range); }
  [[nodiscard]] milliseconds elapsed() const { return std::chrono::duration_cast<milliseconds>(Clock::now() - begun_); }

  void count(std::int64_t rows) {
    ++record_.batches;
    record_.rows += rows;
  }

  // Not more often than eyes can follow.
  void tell(std::string phase) {
    const auto now = Clock::now();
    if (now - told_ < tick_interval && phase == phase_) return;
    if (phase != phase_ || now - measured_ >= progress_interval) {
      Progress progress;
      progress.phase = phase_ = std::move(phase);
      progress.unit = "rows";
      progress.done = record_.seen;
      if (about_ && *about_ > record_.seen) progress.total = about_;
      progress.elapsed = elapsed();
      speed_.measure(progress);
      context_.observer.statement_progress(run_, index_, progress);
      measured_ = now;
    }
    context_.observer.statement_running(run_, index_, elapsed());
    told_ = now;
  }

  Result<void, RunFailure> rest(milliseconds time) {
    for (const auto end = Clock::now() + time; Clock::now() < end;) {
      const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
      if (!context_.session.pause(std::min(left, tick_interval))) return failed(interrupted_error());
      context_.observer.statement_running(run_, index_, elapsed());
    }
    return {};
  }

  [[nodiscard]] Unexpected<RunFailure> failed(ServerError error) const {
    return Unexpected{context_.failure(std::move(error), index_)};
  }

  [[nodiscard]] Unexpected<RunFailure> refuse(std::string id, std::string message, std::string hint) const {
    ServerError error;
    error.message = std::move(message);
    error.hint = std::move(hint);
    error.own_id = std::move(id);
    return failed(std::move(error));
  }

  [[nodiscard]] Unexpected<RunFailure> refuse_changed(const std::string& before) const {
    return Unexpected{
        batch_changed(context_, *before_, fmt::format("the statement was {} when it began, and is not now", before))};
  }

  RunContext& context_;
  const RevisionRun& run_;
  std::size_t index_;
  const RunStatement& statement_;
  const sql::Batch& batch_;
  milliseconds pause_, max_lag_;
  ReplicaLag lag_;
  Clock::time_point begun_ = Clock::now();
  const std::optional<BatchRecord>& before_;
  std::optional<BatchWalk> walk_;
  BatchRecord record_;
  bool moved_ = false;
  std::int64_t last_rows_ = 0, most_rows_ = 0, counted_ = 0;
  std::optional<std::int64_t> about_;
  Speedometer speed_;
  std::string phase_;
  Clock::time_point told_, measured_;
};

}  // namespace

Result<void, RunFailure> run_batches(RunContext& context, std::size_t index, const std::optional<BatchRecord>& before) {
  return BatchRun(context, index, before).go();
}

}  // namespace migrate::db
