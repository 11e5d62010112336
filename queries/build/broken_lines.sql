-- One row is one record that could not be parsed, with its first fault.
-- From DuckDB's reject table of this connection, which holds the last file only.
-- Caveat: line counts records, the header being line 1; a quoted line break does not count.
select line, arg_min(column_idx, column_idx) as column_idx, arg_min(error_type::varchar, column_idx) as error_type
from reject_errors
group by line
order by line
