-- Add orders.total_minor
--
-- Revision ID: 1b86f3d92ac5
-- Revises: e7a2581f6b04
-- Create Date: 2026-03-10T10:12:00Z
--
-- Why: the list of orders sums up every line of every order. First of three: the column comes without a value, so that
-- the program that runs now goes on, and the next one can begin to write it. Risk: none, a column without a default
-- does not rewrite the table.

-- migrate:upgrade
ALTER TABLE orders ADD COLUMN total_minor bigint;

-- migrate:downgrade
ALTER TABLE orders DROP COLUMN total_minor;
