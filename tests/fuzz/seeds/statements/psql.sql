\set x 1
SELECT :x \gset
\i it's
