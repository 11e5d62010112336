-- One row is one reason of refusal in one column of one extract.
-- From reject and extract.
-- Caveat: a record with several faults is counted under each of them.
select
    extract_id, file, reason, source_column,
    count(*) as refusals,
    count(distinct line) filter (row_refused) as records,
    count(*) filter (not row_refused) as refused_values,
from reject
join extract using (extract_id)
group by all
order by extract_id, refusals desc, reason, source_column
