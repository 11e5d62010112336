-- One row is one record of an extract, refused ones included, with what later and earlier extracts know it by.
-- From the extracts of one source and table, in the order in which they hold; filled extract by extract.
-- Caveat: temporary, because the key can be a reference as it came; empty where the record has none.
create or replace temp table held (
    position integer,
    row bigint,
    key varchar,
    day date,
    kept boolean
)
