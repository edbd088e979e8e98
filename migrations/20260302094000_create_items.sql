-- Create items
--
-- Revision ID: 9c40be62d815
-- Revises: 5d1f0a7c39e2
-- Create Date: 2026-03-02T09:40:00Z
--
-- Why: what the shop sells, priced in the smallest unit of a known currency. The currencies are few and part of the
-- schema's meaning, so they come with it. Risk: none, the tables are new.

-- migrate:upgrade
CREATE TABLE currencies (
    code            text     NOT NULL,
    fraction_digits smallint NOT NULL,
    CONSTRAINT pk_currencies PRIMARY KEY (code),
    CONSTRAINT ck_currencies_code CHECK (code ~ '^[A-Z]{3}$'),
    CONSTRAINT ck_currencies_fraction_digits CHECK (fraction_digits BETWEEN 0 AND 4)
);

INSERT INTO currencies (code, fraction_digits) VALUES
    ('CHF', 2),
    ('EUR', 2),
    ('JPY', 0),
    ('USD', 2);

CREATE TABLE items (
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    sku         text        NOT NULL,
    name        text        NOT NULL,
    price_minor bigint      NOT NULL,
    currency    text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    CONSTRAINT pk_items PRIMARY KEY (id),
    CONSTRAINT uq_items_sku UNIQUE (sku),
    CONSTRAINT ck_items_price_minor CHECK (price_minor >= 0),
    CONSTRAINT fk_items_currency_currencies FOREIGN KEY (currency) REFERENCES currencies (code)
        ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE INDEX ix_items_currency ON items (currency);
CREATE INDEX ix_items_name_on_sale ON items (name) WHERE deleted_at IS NULL;

CREATE TRIGGER tr_items_updated_at BEFORE UPDATE ON items
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:downgrade
DROP TABLE items;
DROP TABLE currencies;
