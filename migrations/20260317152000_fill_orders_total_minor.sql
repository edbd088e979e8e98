-- Fill orders.total_minor
--
-- Revision ID: c35e08b7f416
-- Revises: 1b86f3d92ac5
-- Create Date: 2026-03-17T15:20:00Z
--
-- Why: second of three: the program writes the total of new orders since last week, the old ones get theirs here. Risk:
-- it writes every old order once and locks those rows until it is done; run it in a quiet hour. Going back empties the
-- column; nothing is lost, for the lines keep their prices and give the same totals again.

-- migrate:upgrade
UPDATE orders
SET total_minor = (
    SELECT coalesce(sum(order_lines.quantity * order_lines.unit_price_minor), 0)
    FROM order_lines
    WHERE order_lines.order_id = orders.id
)
WHERE total_minor IS NULL;

-- migrate:downgrade
UPDATE orders SET total_minor = NULL WHERE total_minor IS NOT NULL;
