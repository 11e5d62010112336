-- One row is one extract, with what became of its rows and how many of those kept lost a value.
-- From extract and reject.
-- Caveat: read is kept, refused and folded rows together; touched are the rows kept of which a value was refused, and
-- passed_over those refused because the mapping does not want them; a value that gave way to another row's is no fault.
with
touched as (
    select
        extract_id,
        count(distinct line) filter (not row_refused and reason <> 'merged_value') as touched,
        count(distinct line) filter (row_refused and reason = 'passed_over') as passed_over,
    from reject
    group by extract_id
)
select
    extract_id, source, file, target, rows_read, rows_kept, rows_refused, rows_collapsed, values_refused,
    coalesce(touched, 0) as touched, coalesce(passed_over, 0) as passed_over,
    first_on, last_on, received_on,
from extract
left join touched using (extract_id)
order by extract_id
