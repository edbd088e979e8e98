-- Create invoices and payments
--
-- Revision ID: 40d9c7e1b28a
-- Revises: e7a2581f6b04
-- Create Date: 2026-03-11T08:30:00Z
-- Branch Labels: billing
--
-- Why: billing is made by another team at its own pace, so it has a branch of its own. Bookkeeping must be kept: an
-- order that has an invoice, and an invoice that has a payment, can't be deleted. Risk: none, the tables are new; the
-- foreign key to orders locks that table for a moment.

-- migrate:upgrade
CREATE TABLE invoices (
    id        uuid        NOT NULL DEFAULT gen_random_uuid(),
    number    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    order_id  uuid        NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    due_on    date        NOT NULL,
    CONSTRAINT pk_invoices PRIMARY KEY (id),
    CONSTRAINT uq_invoices_number UNIQUE (number),
    CONSTRAINT uq_invoices_order_id UNIQUE (order_id),
    CONSTRAINT fk_invoices_order_id_orders FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT
);

CREATE TABLE payments (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    invoice_id   uuid        NOT NULL,
    amount_minor bigint      NOT NULL,
    card_holder  text,
    received_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT ck_payments_amount_minor CHECK (amount_minor <> 0),
    CONSTRAINT fk_payments_invoice_id_invoices FOREIGN KEY (invoice_id) REFERENCES invoices (id) ON DELETE RESTRICT
);

CREATE INDEX ix_payments_invoice_id ON payments (invoice_id);

-- migrate:downgrade
DROP TABLE payments;
DROP TABLE invoices;
