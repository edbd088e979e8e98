-- Create orders
--
-- Revision ID: e7a2581f6b04
-- Revises: 9c40be62d815
-- Create Date: 2026-03-04T14:30:00Z
--
-- Why: an order keeps the price that was shown when it was placed, whatever happens to its items later. Lines go with
-- their order; users and items that are in an order can't be deleted for good. Risk: none, the tables are new.

-- migrate:upgrade
-- migrate:allow foreign-key-without-index (users are not deleted for good: the index can wait until lists need it)
CREATE TABLE orders (
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    status     text        NOT NULL DEFAULT 'open',
    placed_at  timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_orders PRIMARY KEY (id),
    CONSTRAINT ck_orders_status CHECK (status IN ('open', 'placed', 'shipped', 'cancelled')),
    CONSTRAINT ck_orders_placed_at CHECK (status = 'open' OR status = 'cancelled' OR placed_at IS NOT NULL),
    CONSTRAINT fk_orders_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE TABLE order_lines (
    order_id         uuid     NOT NULL,
    line             smallint NOT NULL,
    item_id          uuid     NOT NULL,
    quantity         integer  NOT NULL,
    unit_price_minor bigint   NOT NULL,
    CONSTRAINT pk_order_lines PRIMARY KEY (order_id, line),
    CONSTRAINT ck_order_lines_quantity CHECK (quantity > 0),
    CONSTRAINT ck_order_lines_unit_price_minor CHECK (unit_price_minor >= 0),
    CONSTRAINT fk_order_lines_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT fk_order_lines_item_id_items FOREIGN KEY (item_id) REFERENCES items (id) ON DELETE RESTRICT
);

CREATE INDEX ix_order_lines_item_id ON order_lines (item_id);

CREATE TRIGGER tr_orders_updated_at BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:downgrade
DROP TABLE order_lines;
DROP TABLE orders;
