-- Merge billing
--
-- Revision ID: a9137ce4d50b
-- Revises: d04c9a61e75f, 8e6b2d5f07a9
-- Create Date: 2026-03-30T09:30:00Z
--
-- Why: what is still to be paid for an order needs the totals of one branch and the payments of the other. Risk: none,
-- a view holds no data.

-- migrate:upgrade
CREATE VIEW order_balances AS
SELECT
    orders.id AS order_id,
    orders.user_id,
    invoices.number AS invoice_number,
    invoices.due_on,
    orders.total_minor,
    coalesce(paid.amount_minor, 0) AS paid_minor,
    orders.total_minor - coalesce(paid.amount_minor, 0) AS open_minor
FROM orders
JOIN invoices ON invoices.order_id = orders.id
LEFT JOIN (
    SELECT payments.invoice_id, sum(payments.amount_minor) AS amount_minor
    FROM payments
    GROUP BY payments.invoice_id
) AS paid ON paid.invoice_id = invoices.id;

-- migrate:downgrade
DROP VIEW order_balances;
