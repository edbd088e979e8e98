-- m
-- Revision ID: x
-- Revises: y
-- Depend On: z
SELECT 0;
-- migrate:upgade
-- migrate: down
SELECT E'\'