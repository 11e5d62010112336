-- One row is one extract of a snapshot with the days it spans.
-- From extract.
-- Caveat: first_on and last_on are empty for extracts without dates.
select extract_id, source, target, file, rows_kept, first_on, last_on
from extract
order by extract_id
