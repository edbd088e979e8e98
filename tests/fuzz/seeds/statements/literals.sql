SELECT 1; SELECT $a$;$a$, E'\';', U&"b;" /* ; /* */ */;
-- migrate:allow x
ALTER TABLE t DROP c