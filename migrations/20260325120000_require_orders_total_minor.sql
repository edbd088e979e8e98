-- Require orders.total_minor
--
-- Revision ID: d04c9a61e75f
-- Revises: 72fa14d0c98b
-- Create Date: 2026-03-25T12:00:00Z
-- Transaction: none
--
-- Why: third of three: every order has a total, and from now on it must. SET NOT NULL alone would read the whole table
-- under a lock that stops everybody. A check that is not yet valid takes that lock for a moment, its validation lets
-- others read and write, and SET NOT NULL then believes the check; each is a transaction of its own. Risk: none while
-- every order has a total; otherwise the second statement fails and nobody has waited.

-- migrate:upgrade
ALTER TABLE orders ADD CONSTRAINT ck_orders_total_minor CHECK (total_minor IS NOT NULL AND total_minor >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total_minor;
ALTER TABLE orders ALTER COLUMN total_minor SET NOT NULL;

-- migrate:downgrade
ALTER TABLE orders ALTER COLUMN total_minor DROP NOT NULL;
ALTER TABLE orders DROP CONSTRAINT ck_orders_total_minor;
