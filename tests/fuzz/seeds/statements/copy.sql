COPY t (a) FROM stdin WITH (FORMAT csv);
1,O'Brien
\.
SELECT 1;
\restrict x
COPY u FROM stdin;
\.
