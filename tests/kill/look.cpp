#include "kill/look.hpp"

namespace migrate::kill {

// The triggers write in the transaction of the statement that they count; with CONCURRENTLY, in its last one, which is
// the one that makes the index valid.
const std::string_view witness_sql = R"sql(
CREATE SCHEMA app;
CREATE SCHEMA witness;
CREATE TABLE witness.applied (what text);

CREATE FUNCTION witness.on_end() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO witness.applied
  SELECT command_tag || ' ' || object_identity FROM pg_event_trigger_ddl_commands()
  WHERE object_identity LIKE 'app.%' AND command_tag <> 'REINDEX';
END $$;
CREATE FUNCTION witness.on_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO witness.applied
  SELECT 'dropped ' || object_type || ' ' || object_identity FROM pg_event_trigger_dropped_objects()
  WHERE original AND object_identity LIKE 'app.%';
END $$;

CREATE FUNCTION witness.rows_of(name regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN
  RETURN QUERY EXECUTE format('SELECT format(%L, t) FROM ONLY %s t', 'row of ' || name || ' %s', name);
END $$;

CREATE FUNCTION witness.schema_lines() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('relation %s %s', c.relkind, c.oid::regclass)
  FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace
  UNION ALL
  SELECT format('column %s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
                a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'app'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('constraint %s on %s: %s %s', conname, conrelid::regclass, pg_get_constraintdef(oid), convalidated)
  FROM pg_constraint WHERE connamespace = 'app'::regnamespace
  UNION ALL
  SELECT format('index %s valid %s ready %s live %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready,
                i.indislive)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'app'::regnamespace
  UNION ALL
  SELECT format('invalid index %s', indexrelid::regclass) FROM pg_index WHERE NOT indisvalid
  UNION ALL
  SELECT format('partition %s of %s, half detached: %s', inhrelid::regclass, inhparent::regclass, inhdetachpending)
  FROM pg_inherits
  UNION ALL
  SELECT format('enum %s: %s', t.oid::regtype, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder))
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.oid
  UNION ALL
  SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'app'::regnamespace
$$;

CREATE FUNCTION witness.journal_lines() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN
  IF to_regclass('public.migrate_revision') IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT format('revision %s %s, %s of %s', revision, state, steps_done, steps_total) FROM public.migrate_revision
  UNION ALL
  SELECT format('log %s %s done, %s times', revision, direction, count(*)) FROM public.migrate_log
  WHERE outcome = 'done' AND revision IS NOT NULL GROUP BY revision, direction;
END $$;

CREATE FUNCTION witness.look() RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(line, E'\n' ORDER BY line COLLATE "C"), '') FROM (
    SELECT * FROM witness.schema_lines() AS s(line)
    UNION ALL
    SELECT r.line FROM pg_class c, witness.rows_of(c.oid::regclass) AS r(line)
    WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r'
    UNION ALL
    SELECT * FROM witness.journal_lines() AS j(line)) all_of_it
$$;

CREATE EVENT TRIGGER witness_end ON ddl_command_end EXECUTE FUNCTION witness.on_end();
CREATE EVENT TRIGGER witness_drop ON sql_drop EXECUTE FUNCTION witness.on_drop();
)sql";

}  // namespace migrate::kill
