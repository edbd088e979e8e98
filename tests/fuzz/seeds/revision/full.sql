-- Add status to users
--
-- Revision ID: 3f9a1c2b7d10
-- Revises: 8a1d2e3f4b5c, 0f0f0f0f0f0f
-- Create Date: 2026-02-26T12:00:00Z
-- Branch Labels: billing
-- Depends On: c0ffee123456, accounts
-- Transaction: none
-- migrate:allow ban-drop-column (unused)
--
-- Why: the login page filters on it.

-- migrate:upgrade lock_timeout=5s statement_timeout=2min transaction=none
ALTER TABLE users ADD COLUMN status text NOT NULL DEFAULT 'it''s';

-- migrate:downgrade
ALTER TABLE users DROP COLUMN status;
