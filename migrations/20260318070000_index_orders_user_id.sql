-- Index orders.user_id
--
-- Revision ID: 72fa14d0c98b
-- Revises: c35e08b7f416
-- Create Date: 2026-03-18T07:00:00Z
-- Transaction: none
--
-- Why: a user's own list of orders reads the whole table. The table is large by now, so the index is built beside its
-- traffic: PostgreSQL does that outside a transaction only. Risk: it takes long, and waits for every transaction that
-- is older than itself; nobody waits for it.

-- migrate:upgrade
CREATE INDEX CONCURRENTLY ix_orders_user_id ON orders (user_id, created_at DESC);

-- migrate:downgrade
DROP INDEX CONCURRENTLY ix_orders_user_id;
