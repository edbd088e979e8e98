/* licence /* x */ */
-- m
-- Revision ID: x
-- Revises:
-- migrate:up
SELECT $a$
-- migrate:down
$a$;
COPY t FROM stdin;
it's
\.
-- migrate:down irreversible: gone
