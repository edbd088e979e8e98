-- Create users
--
-- Revision ID: 5d1f0a7c39e2
-- Revises:
-- Create Date: 2026-03-02T09:15:00Z
--
-- Why: everything else belongs to somebody. Users are deleted softly (deleted_at), so that their orders keep an owner,
-- and an address becomes free again when its user is deleted. Risk: none, the table is new.

-- migrate:upgrade
CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$;

CREATE TABLE users (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    email        text        NOT NULL,
    display_name text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_email CHECK (email LIKE '%_@_%'),
    CONSTRAINT ck_users_display_name CHECK (display_name <> '')
);

CREATE UNIQUE INDEX uq_users_email ON users (lower(email)) WHERE deleted_at IS NULL;

CREATE TRIGGER tr_users_updated_at BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:downgrade
DROP TABLE users;
DROP FUNCTION set_updated_at();
