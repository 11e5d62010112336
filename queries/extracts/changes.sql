-- One row is what one extract did to the records of its source: new, changed (in all, and by field) or withdrawn.
-- From extract_change and extract.
-- Caveat: extracts that are the first of their source and table are absent; field is empty for the number of records.
-- Seen by: analysts.
select
    extract_id, file, target, source, received_on, change, field, n,
    rows_updated, rows_withdrawn,
from extract_change
join extract using (extract_id)
order by extract_id, change, field nulls first
