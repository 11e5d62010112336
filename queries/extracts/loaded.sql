-- One row is one extract, with what became of its records.
-- From extract.
-- Caveat: read is kept, refused and folded records together; values are refused in records that are kept.
select
    extract_id, file, mapping, target, source, sha256, rows_read, rows_kept, rows_refused, rows_collapsed, values_refused,
    first_on, last_on, received_on, synthetic,
from extract
order by extract_id
