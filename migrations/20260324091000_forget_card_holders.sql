-- Forget card holders
--
-- Revision ID: 8e6b2d5f07a9
-- Revises: 40d9c7e1b28a
-- Create Date: 2026-03-24T09:10:00Z
--
-- Why: we were asked to keep no personal data that we don't need, and nothing reads these names since billing 1.4.
-- Risk: the names are gone for good. Dropping a column takes a moment and rewrites nothing.

-- migrate:upgrade
-- migrate:allow drop-column (nothing reads it since billing 1.4, and the data are to go)
ALTER TABLE payments DROP COLUMN card_holder;

-- migrate:downgrade irreversible
-- The names were deleted on purpose: an empty column of that name would only look as if they were back.
