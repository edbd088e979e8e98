// The questions of the catalog reader. Each row is a kind, an oid, a number to sort by, and up to twelve texts; the
// parts are one statement, so that all is seen in one snapshot. Checked on 14 to 18.
#pragma once

#include <string_view>

namespace migrate::db::catalog_queries {

// {0} {1} schemas and names of relations, {2} {3} of types, {4} further schemas to look in.
// No function here takes a lock on a relation, but for pg_relation_size() in `sizes`.
inline constexpr std::string_view names = R"(WITH RECURSIVE
place AS (
  SELECT n.oid, CASE WHEN n.oid = pg_catalog.pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname::pg_catalog.text END AS name
  FROM pg_catalog.pg_namespace n),
path AS (
  SELECT oid FROM place
  WHERE name = ANY (pg_catalog.current_schemas(false)::pg_catalog.text[] || {4}) OR name = 'pg_temp'),
found AS (
  SELECT DISTINCT c.oid, c.relkind
  FROM unnest({0}, {1}) AS named(place, name)
  JOIN pg_catalog.pg_class c ON c.relname = named.name::pg_catalog.name
  JOIN place ON place.oid = c.relnamespace
  WHERE CASE named.place WHEN '' THEN place.oid IN (SELECT oid FROM path) ELSE place.name = named.place END
    AND place.name NOT IN ('pg_catalog', 'information_schema', 'pg_toast')),
base AS (
  SELECT oid FROM found WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION
  SELECT i.indrelid FROM found JOIN pg_catalog.pg_index i ON i.indexrelid = found.oid),
named_type AS (
  SELECT DISTINCT t.oid
  FROM unnest({2}, {3}) AS named(place, name)
  JOIN pg_catalog.pg_type t ON t.typname = named.name::pg_catalog.name
  JOIN place ON place.oid = t.typnamespace
  WHERE CASE named.place WHEN '' THEN place.oid IN (SELECT oid FROM path) ELSE place.name = named.place END
    AND place.name NOT IN ('pg_catalog', 'information_schema', 'pg_toast')),
derived_type(root, oid) AS (
  SELECT oid, oid FROM named_type
  UNION
  SELECT t.root, d.objid
  FROM derived_type t
  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid = t.oid
    AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass),
type_user(root, oid) AS (
  SELECT DISTINCT t.root, d.objid
  FROM derived_type t
  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid = t.oid
    AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid > 0
  JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind IN ('r', 'p', 'f')),
below_view(oid) AS (
  SELECT oid FROM found WHERE relkind IN ('v', 'm')
  UNION
  SELECT d.refobjid FROM below_view b
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = b.oid
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  WHERE d.refobjid >= 16384),
kin AS (
   SELECT oid FROM base
   UNION SELECT k.conrelid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_constraint k ON k.oid = d.objid
     WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = ANY (ARRAY(SELECT oid FROM base))
       AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
       AND k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = d.refobjid
   UNION SELECT k.confrelid FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'f' AND k.conrelid = ANY (ARRAY(SELECT oid FROM base))
   UNION SELECT oid FROM type_user
   UNION SELECT oid FROM below_view),
target AS (
  SELECT oid FROM kin
  UNION
  SELECT i.inhparent FROM target JOIN pg_catalog.pg_inherits i ON i.inhrelid = target.oid),
below AS (
  SELECT oid FROM kin
  UNION
  SELECT i.inhrelid FROM below JOIN pg_catalog.pg_inherits i ON i.inhparent = below.oid),
above_view AS (
  SELECT oid FROM base
  UNION
  SELECT r.ev_class FROM above_view a
  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = a.oid
    AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
  JOIN pg_catalog.pg_class c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm')),
-- What a statement may lock with what it names. Of these only the relations are told, not what is in them.
near AS (
  (SELECT oid FROM below
   UNION SELECT oid FROM above_view
   UNION SELECT t.partdefid FROM pg_catalog.pg_partitioned_table t
     WHERE t.partrelid IN (SELECT oid FROM target) AND t.partdefid <> 0
   UNION SELECT d.objid FROM pg_catalog.pg_depend d
     JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
     WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
       AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid IN (SELECT oid FROM base))
  EXCEPT SELECT oid FROM target),
locked AS MATERIALIZED (
  SELECT DISTINCT l.relation AS oid FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_database b ON b.oid = l.database AND b.datname = pg_catalog.current_database()
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()),
used_type AS (
  (SELECT oid FROM named_type
   UNION SELECT a.atttypid FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM target)) AND a.attnum > 0 AND a.atttypid >= 16384)
  UNION
  SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END
  FROM used_type u JOIN pg_catalog.pg_type t ON t.oid = u.oid
  WHERE t.typtype = 'd' OR t.typcategory = 'A')
)";

inline constexpr std::string_view server = R"(
SELECT 'server' AS kind, 0::pg_catalog.oid AS id, 0 AS place,
  pg_catalog.current_setting('server_version_num') AS a, pg_catalog.current_setting('TimeZone') AS b,
  pg_catalog.current_schemas(false)::pg_catalog.text[]::pg_catalog.text AS c,
  NULL::pg_catalog.text AS d, NULL::pg_catalog.text AS e, NULL::pg_catalog.text AS f, NULL::pg_catalog.text AS g,
  NULL::pg_catalog.text AS h, NULL::pg_catalog.text AS i, NULL::pg_catalog.text AS j, NULL::pg_catalog.text AS k,
  NULL::pg_catalog.text AS l)";

// schema, name, kind, persistence, parent, default partition, parents, populated, reltuples, owner, may be asked for
// rows (or "near"), size
inline constexpr std::string_view relations = R"(
SELECT 'relation', c.oid, 0, n.name, c.relname::pg_catalog.text, c.relkind::pg_catalog.text, c.relpersistence::pg_catalog.text,
  CASE WHEN c.relispartition THEN (
    SELECT ARRAY[pn.name, p.relname::pg_catalog.text]::pg_catalog.text FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN place pn ON pn.oid = p.relnamespace
    WHERE i.inhrelid = c.oid) END,
  (SELECT ARRAY[pn.name, p.relname::pg_catalog.text]::pg_catalog.text FROM pg_catalog.pg_partitioned_table t
   JOIN pg_catalog.pg_class p ON p.oid = t.partdefid JOIN place pn ON pn.oid = p.relnamespace WHERE t.partrelid = c.oid),
  CASE WHEN NOT c.relispartition THEN (
    SELECT pg_catalog.array_agg(x.name ORDER BY i.inhseqno, x.o)::pg_catalog.text FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN place pn ON pn.oid = p.relnamespace
    CROSS JOIN LATERAL (VALUES (1, pn.name), (2, p.relname::pg_catalog.text)) AS x(o, name)
    WHERE i.inhrelid = c.oid) END,
  c.relispopulated::pg_catalog.text, c.reltuples::pg_catalog.text,
  CASE WHEN c.relkind = 'S' THEN (
    SELECT ARRAY[pn.name, p.relname::pg_catalog.text, a.attname::pg_catalog.text]::pg_catalog.text
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class p ON p.oid = d.refobjid
    JOIN place pn ON pn.oid = p.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 LIMIT 1) END,
  CASE WHEN c.oid IN (SELECT oid FROM near) THEN 'near' ELSE (
    pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
    AND NOT pg_catalog.row_security_active(c.oid))::pg_catalog.text END,
  {0}
FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace
WHERE c.oid = ANY (ARRAY(SELECT oid FROM target UNION ALL SELECT oid FROM near)))";

// Of all partitions together; nothing where one is foreign, or locked by others: pg_relation_size() would wait.
inline constexpr std::string_view size = R"(CASE WHEN c.relkind IN ('r', 'p', 'm') THEN (
    WITH RECURSIVE part(oid, foreign_one) AS (
      SELECT c.oid, false UNION ALL
      SELECT i.inhrelid, p.relkind = 'f' FROM part JOIN pg_catalog.pg_inherits i ON i.inhparent = part.oid
      JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid AND p.relispartition)
    SELECT CASE WHEN NOT pg_catalog.bool_or(part.foreign_one OR part.oid IN (SELECT oid FROM locked)) THEN
      pg_catalog.sum(CASE WHEN part.oid IN (SELECT oid FROM locked) THEN 0 ELSE pg_catalog.pg_relation_size(part.oid) END)::pg_catalog.text
    END FROM part) END)";

inline constexpr std::string_view unknown_size = "NULL";

// name, type's schema, type or its element, modifier, dimensions, not null, default, generated, identity
inline constexpr std::string_view columns = R"(
SELECT 'column', a.attrelid, a.attnum, a.attname::pg_catalog.text,
  CASE WHEN n.name <> 'pg_catalog' THEN n.name END, coalesce(e.typname, t.typname)::pg_catalog.text,
  a.atttypmod::pg_catalog.text, CASE WHEN e.oid IS NULL THEN 0 ELSE greatest(a.attndims::pg_catalog.int4, 1) END::pg_catalog.text,
  a.attnotnull::pg_catalog.text, a.atthasdef::pg_catalog.text, a.attgenerated::pg_catalog.text,
  a.attidentity::pg_catalog.text, NULL, NULL, NULL
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
JOIN place n ON n.oid = coalesce(e.typnamespace, t.typnamespace)
WHERE a.attrelid = ANY (ARRAY(SELECT t.oid FROM target t JOIN pg_catalog.pg_class c ON c.oid = t.oid
                              WHERE c.relkind <> 'S'))
  AND a.attnum > 0 AND NOT a.attisdropped)";

inline constexpr std::string_view nulls = R"(
SELECT 'nulls', c.oid, 0, s.attname::pg_catalog.text, s.null_frac::pg_catalog.text,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_catalog.pg_stats s
JOIN pg_catalog.pg_namespace n ON n.nspname = s.schemaname
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
-- By the names first: with these the view is read through its indexes.
WHERE s.tablename = ANY (ARRAY(SELECT x.relname FROM pg_catalog.pg_class x WHERE x.oid = ANY (ARRAY(SELECT oid FROM target))))
  AND c.oid = ANY (ARRAY(SELECT oid FROM target)) AND s.inherited = (c.relkind = 'p'))";

// name, type, columns, valid, referenced schema, table, columns, definition, no inherit, parent
inline constexpr std::string_view constraints = R"(
SELECT 'constraint', k.conrelid, 0, k.conname::pg_catalog.text, k.contype::pg_catalog.text,
  (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY u.o)::pg_catalog.text
   FROM unnest(k.conkey) WITH ORDINALITY u(n, o)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
  k.convalidated::pg_catalog.text, rn.name, r.relname::pg_catalog.text,
  (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY u.o)::pg_catalog.text
   FROM unnest(k.confkey) WITH ORDINALITY u(n, o)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n),
  pg_catalog.pg_get_constraintdef(k.oid), k.connoinherit::pg_catalog.text, p.conname::pg_catalog.text, NULL, NULL
FROM pg_catalog.pg_constraint k
LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid AND k.contype = 'f'
LEFT JOIN place rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_constraint p ON p.oid = k.conparentid AND k.conparentid <> 0
WHERE k.conrelid = ANY (ARRAY(SELECT oid FROM target)) AND k.conrelid <> 0
  AND k.contype IN ('c', 'f', 'p', 'u', 'x', 'n')
  -- A key that points at a partitioned table has a row for each of its partitions.
  AND NOT (k.contype = 'f' AND p.conrelid IS NOT DISTINCT FROM k.conrelid))";

// name, columns, included, read, unique, primary, valid, with expressions, ordered, method, of constraint, and in one
// array its parent and, of partial ones, its definition
inline constexpr std::string_view indexes = R"(
SELECT 'index', i.indrelid, 0, c.relname::pg_catalog.text,
  (SELECT pg_catalog.array_agg(coalesce(a.attname::pg_catalog.text, '') ORDER BY u.o)::pg_catalog.text
   FROM unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY u(n, o)
   LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.n AND u.n <> 0
   WHERE u.o <= i.indnkeyatts),
  (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY u.o)::pg_catalog.text
   FROM unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY u(n, o)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.n
   WHERE u.o > i.indnkeyatts),
  CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL THEN (
    SELECT pg_catalog.array_agg(DISTINCT a.attname::pg_catalog.text)::pg_catalog.text
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0) END,
  i.indisunique::pg_catalog.text, i.indisprimary::pg_catalog.text, (i.indisvalid AND i.indisready)::pg_catalog.text,
  (i.indexprs IS NOT NULL)::pg_catalog.text,
  EXISTS (SELECT FROM unnest(i.indoption::pg_catalog.int2[]) o WHERE o <> 0)::pg_catalog.text,
  m.amname::pg_catalog.text,
  EXISTS (SELECT FROM pg_catalog.pg_constraint k
          WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))::pg_catalog.text,
  ARRAY[p.relname::pg_catalog.text, CASE WHEN i.indpred IS NOT NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid) END]::pg_catalog.text
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
WHERE i.indrelid = ANY (ARRAY(SELECT oid FROM target)) AND i.indislive)";

inline constexpr std::string_view views = R"(
SELECT DISTINCT 'view', d.refobjid, 0, a.attname::pg_catalog.text, n.name, v.relname::pg_catalog.text,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
JOIN place n ON n.oid = v.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = ANY (ARRAY(SELECT oid FROM target))
  AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjsubid > 0 AND r.ev_class <> d.refobjid)";

// schema, name, kind, base's schema, base, its modifier, its dimensions, constrained, labels, users
inline constexpr std::string_view types = R"(
SELECT 'type', t.oid, 0, n.name, t.typname::pg_catalog.text, t.typtype::pg_catalog.text,
  CASE WHEN bn.name <> 'pg_catalog' THEN bn.name END, coalesce(be.typname, b.typname)::pg_catalog.text,
  t.typtypmod::pg_catalog.text,
  CASE WHEN be.oid IS NULL THEN 0 ELSE greatest(t.typndims, 1) END::pg_catalog.text,
  CASE WHEN t.typtype = 'd' THEN (
    WITH RECURSIVE chain(oid, base, forbids) AS (
      SELECT t.oid, t.typbasetype, t.typnotnull UNION ALL
      SELECT x.oid, x.typbasetype, x.typnotnull FROM chain JOIN pg_catalog.pg_type x ON x.oid = chain.base
      WHERE x.typtype = 'd')
    SELECT pg_catalog.bool_or(chain.forbids OR EXISTS (
      SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid = chain.oid AND k.contype = 'c')) FROM chain)::pg_catalog.text END,
  (SELECT pg_catalog.array_agg(l.enumlabel::pg_catalog.text ORDER BY l.enumsortorder)::pg_catalog.text
   FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid),
  (SELECT pg_catalog.array_agg(x.name ORDER BY u.oid, x.o)::pg_catalog.text
   FROM type_user u JOIN pg_catalog.pg_class c ON c.oid = u.oid JOIN place cn ON cn.oid = c.relnamespace
   CROSS JOIN LATERAL (VALUES (1, cn.name), (2, c.relname::pg_catalog.text)) AS x(o, name)
   WHERE u.root = t.oid),
  NULL, NULL
FROM used_type u
JOIN pg_catalog.pg_type t ON t.oid = u.oid AND t.oid >= 16384
JOIN place n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
LEFT JOIN pg_catalog.pg_type be ON be.oid = b.typelem AND be.typarray = b.oid
LEFT JOIN place bn ON bn.oid = coalesce(be.typnamespace, b.typnamespace)
WHERE t.typcategory <> 'A'
  AND (t.typtype <> 'c' OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')))";

// {0} {1} schemas and names.
inline constexpr std::string_view functions = R"(
SELECT 'function', p.oid, 0, place.name, p.proname::pg_catalog.text, p.provolatile::pg_catalog.text,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest({0}, {1}) AS named(place, name)
JOIN pg_catalog.pg_proc p ON p.proname = named.name::pg_catalog.name
JOIN place ON place.oid = p.pronamespace
WHERE CASE named.place WHEN '' THEN place.oid IN (SELECT oid FROM path) ELSE place.name = named.place END
  AND place.name NOT IN ('pg_catalog', 'information_schema'))";

}  // namespace migrate::db::catalog_queries
