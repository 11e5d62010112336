-- One row is one extract, with what became of its records.
-- From extract.
-- Caveat: read is kept, refused and folded records together; values are refused in records that are kept.
-- Records that a later extract replaced or withdrew count as folded on the earlier one.
-- Seen by: analysts.
select
    extract_id, file, mapping, target, source, sha256, rows_read, rows_kept, rows_refused, rows_collapsed, values_refused,
    rows_updated, rows_withdrawn, rows_aggregated, first_on, last_on, received_on, complete_from, complete_to, synthetic,
from extract
order by extract_id
