-- One row is one record that could not be parsed, with its first fault.
-- From DuckDB's reject table of this connection, which holds the last file only.
-- Caveat: line counts records, the header being line 1; a quoted line break does not count.
select line, min(column_idx) as column_idx, arg_min(error_type::varchar, coalesce(column_idx, 0)) as error_type
from reject_errors
group by line
order by line
