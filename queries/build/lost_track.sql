-- One row is one fault after which the CSV parser may have lost its way.
-- From DuckDB's reject table of this connection, which holds the last file only.
-- Caveat: $kinds are the kinds of such faults; the records that were swallowed are not counted anywhere.
select line
from reject_errors
where list_contains($kinds, error_type::varchar)
