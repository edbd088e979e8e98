#include <migrate/db/script.hpp>

#include <migrate/base/text.hpp>

#include "db/assertion.hpp"
#include "db/batch_resume.hpp"
#include "db/batch_walk.hpp"
#include "db/journal_tables.hpp"
#include "db/settle_step.hpp"

#include <fmt/format.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

// {0}: the table as a text, {1}: the query of its key, {2}: rows of a batch, {3} and {4}: the statement before and
// after its condition, {5}: what its columns are qualified with, {6}: the table as FROM takes it, {7}: the pause in
// seconds, {8}: waiting for replicas, {9}: the journal's table, {10}: the revision, {11}: the direction, {12}: the
// statement's number, {13}: the query of what stands in the way, {14}: that of the table's full name, {15}: what the
// statement does. A key is written as it can be read again; the statement has the session's own settings. Checked on 14
// to 18.
constexpr std::string_view walk_template = R"(DECLARE
  key_columns text[]; key_types text[]; at_key text[]; last_key text[]; end_key text[];
  walked text; compared text; own text; backwards text; texts text; same text; gt text; le text; exact boolean; at_values text; last_values text; end_values text;
  seen bigint := 0; changed bigint := 0; batches bigint := 0; here bigint; now bigint;
  own_settings text[] := ARRAY[current_setting('datestyle'), current_setting('intervalstyle'),
    current_setting('extra_float_digits')];
  obstacle record;
BEGIN
  SELECT array_agg(c ORDER BY o), array_agg(t ORDER BY o), string_agg(format('w.%I', c), ', ' ORDER BY o),
         string_agg(format('w.%I%s', c, k), ', ' ORDER BY o), string_agg({5} || format('.%I%s', c, k), ', ' ORDER BY o),
         string_agg(format('w.%I DESC', c), ', ' ORDER BY o),
         string_agg(format('CASE WHEN w.%I IS NOT DISTINCT FROM NULL THEN NULL ELSE format(''%%s'', w.%I) END', c, c), ', '
                    ORDER BY o),
         string_agg(format('w.%I%s %s format(''%%s'', w.%I)::%s', c, k, eq, c, t), ' AND ' ORDER BY o),
         CASE WHEN min(greater) = max(greater) THEN min(greater) END, min(at_most)
    INTO key_columns, key_types, walked, compared, own, backwards, texts, same, gt, le
    FROM ({1}) AS key(c, t, o, k, greater, at_least, at_most, eq);
  IF key_columns IS NULL THEN
    RAISE EXCEPTION 'table % has no primary key to walk along', {0};
  END IF;
  IF gt IS NULL THEN
    RAISE EXCEPTION 'the columns of the key of % are compared by several operators: only migrate itself can walk along it',
      {0};
  END IF;
  SELECT * INTO obstacle FROM ({13}) AS o(id, message, hint);
  IF FOUND THEN
    RAISE EXCEPTION USING MESSAGE = obstacle.message, HINT = obstacle.hint;
  END IF;
  PERFORM set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'postgres', true),
          set_config('extra_float_digits', '1', true);
  EXECUTE format('SELECT ARRAY[%s] FROM %s AS w ORDER BY %s LIMIT 1', texts, {6}, backwards) INTO end_key;
  IF array_position(end_key, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'the key of % has a NULL', {0};
  END IF;
  WHILE end_key IS NOT NULL LOOP
    PERFORM set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'postgres', true),
            set_config('extra_float_digits', '1', true);
    end_values := (SELECT string_agg(format('%L::%s', v, t), ', ' ORDER BY o)
                     FROM unnest(end_key, key_types) WITH ORDINALITY AS u(v, t, o));
    EXECUTE format('SELECT ARRAY[%s], w.migrate_n, %s FROM (SELECT w.*, row_number() OVER (ORDER BY %s) AS migrate_n '
                   'FROM %s AS w WHERE %s (%s) %s (%s) ORDER BY %s LIMIT {2}) AS w ORDER BY w.migrate_n DESC LIMIT 1',
                   texts, same, walked, {6},
                   CASE WHEN at_key IS NULL THEN '' ELSE format('(%s) %s (%s) AND', compared, gt, at_values) END,
                   compared, le, end_values, walked) INTO last_key, here, exact;
    EXIT WHEN last_key IS NULL;
    IF NOT exact THEN
      RAISE EXCEPTION 'a key of % is written as %, which is another key when it is read again', {0}, last_key;
    END IF;
    PERFORM set_config('datestyle', own_settings[1], true), set_config('intervalstyle', own_settings[2], true),
            set_config('extra_float_digits', own_settings[3], true);
    last_values := (SELECT string_agg(format('%L::%s', v, t), ', ' ORDER BY o)
                      FROM unnest(last_key, key_types) WITH ORDINALITY AS u(v, t, o));
    EXECUTE {3} || CASE WHEN at_key IS NULL THEN '' ELSE format('(%s) %s (%s) AND ', own, gt, at_values) END
            || format('(%s) %s (%s)', own, le, last_values) || {4};
    GET DIAGNOSTICS now = ROW_COUNT;
    at_key := last_key; at_values := last_values;
    batches := batches + 1; seen := seen + here; changed := changed + now;
    UPDATE {9} SET batch = jsonb_build_object('direction', '{11}', 'statement', {12}, 'table', ({14}),
      'shape', {15}, 'key', key_columns, 'after', at_key, 'end', end_key, 'batches', batches, 'rows', changed, 'seen', seen)
      WHERE revision = {10};
    COMMIT;
    IF now > 0 THEN PERFORM pg_sleep({7}); END IF;{8}
  END LOOP;
  UPDATE {9} SET steps_done = {12}, batch = NULL WHERE revision = {10};
  COMMIT;
END)";

// {0}: the statement, {1}: the pause, {2}: waiting for replicas, {3}: the journal's table, {4}: the revision, {5}: the
// direction, {6}: the statement's number, {7}: the query of the table's full name, {8} and {9}: of a move, before and
// after it: a run that adds no rows may have taken some, {10}: what the statement does.
constexpr std::string_view repeat_template = R"(DECLARE
  changed bigint := 0; batches bigint := 0; now bigint; deleted bigint;
BEGIN
  LOOP{8}
    EXECUTE {0};
    GET DIAGNOSTICS now = ROW_COUNT;
    EXIT WHEN now = 0{9};
    batches := batches + 1; changed := changed + now;
    UPDATE {3} SET batch = jsonb_build_object('direction', '{5}', 'statement', {6}, 'table', ({7}),
      'shape', {10}, 'key', '[]'::jsonb, 'after', '[]'::jsonb, 'end', '[]'::jsonb, 'batches', batches, 'rows', changed, 'seen', changed)
      WHERE revision = {4};
    COMMIT;
    PERFORM pg_sleep({1});{2}
  END LOOP;
  UPDATE {3} SET steps_done = {6}, batch = NULL WHERE revision = {4};
  COMMIT;
END)";

constexpr std::string_view lag_template = R"(
    WHILE EXISTS (SELECT FROM pg_stat_replication WHERE replay_lag > interval '{} milliseconds'
                  AND replay_lsn < pg_current_wal_lsn()) LOOP
      PERFORM pg_sleep(1);
      COMMIT;
    END LOOP;)";

std::string seconds(milliseconds time) { return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000); }

}  // namespace

std::string do_block(const std::string& body) {
  std::string tag = "$migrate$";
  while (body.find(tag) != std::string::npos) tag.insert(tag.size() - 1, "_");
  return fmt::format("DO {0}\n{1}\n{0}", tag, body);
}

std::string batch_block(const Journal& journal, const RevisionRun& run, std::size_t index) {
  const sql::Batch& batch = *run.statements[index].treatment.batch;
  const std::string_view text = run.source->text(run.statements[index].statement.range);
  const std::string pause = seconds(batch.pause.value_or(run.batch_pause));
  const milliseconds max_lag = batch.max_lag.value_or(run.batch_max_lag);
  const std::string lag = max_lag.count() > 0 ? fmt::format(fmt::runtime(lag_template), max_lag.count()) : "";
  const std::string table = JournalTables(journal.schema()).revision;
  const std::string id = quote_literal(run.entry.id.str());
  const std::string_view direction = word(run.direction);
  const std::size_t number = index + 1;
  const std::string shape = quote_literal(shape_of(batch));
  if (batch.repeat) {
    const bool moves = batch.kind == sql::BatchKind::insert;
    const std::string deleted = deleted_sql(batch);
    return do_block(fmt::format(fmt::runtime(repeat_template), quote_literal(text), pause, lag, table, id, direction,
                                number, full_name_sql(batch),
                                moves ? fmt::format("\n    deleted := ({});", deleted) : "",
                                moves ? fmt::format(" AND ({}) IS NOT DISTINCT FROM deleted", deleted) : "", shape));
  }
  // Cut in two where the condition goes: between the last parentheses of what narrowing adds.
  const sql::Narrowed narrowed = sql::narrow(text, batch, {});
  const std::string_view cut = narrowed.text;
  const std::size_t at = narrowed.inserted.back().end - 1;
  const std::string from = quote_literal((batch.only ? "ONLY " : "") + table_sql(batch));
  const std::string name = quote_literal(table_sql(batch));
  return do_block(fmt::format(fmt::runtime(walk_template), name, key_sql(name), batch.rows,
                              quote_literal(cut.substr(0, at)), quote_literal(cut.substr(at)),
                              quote_literal(batch.reference), from, pause, lag, table, id, direction, number,
                              obstacle_sql(batch), full_name_sql(batch), shape));
}

bool runs_alone(const RevisionRun& run, std::size_t index) {
  const RunStatement& statement = run.statements[index];
  return statement.facts.block_rule == sql::BlockRule::forbidden ||
         may_commit_inside(statement, run.source->text(statement.statement.range));
}

std::string assertion_block(const RevisionRun& run, std::size_t index) {
  const auto& statement = run.statements[index];
  const std::string& message = statement.treatment.assertion->message;
  // A column may be named as a variable of plpgsql is: `found`.
  const std::string block = do_block(
      fmt::format("#variable_conflict use_column\nBEGIN\n  IF (\n{}\n  ) IS NOT TRUE THEN\n    RAISE EXCEPTION USING "
                  "ERRCODE = 'assert_failure', MESSAGE = {};\n  END IF;\nEND",
                  run.source->text(statement.statement.range),
                  quote_literal(message.empty() ? "assertion failed" : "assertion failed: " + message)));
  return fmt::format("{}{};\n{}", enter_assertion, block, leave_assertion);
}

}  // namespace migrate::db
