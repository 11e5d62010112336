-- One row is one reason of refusal in one column of one extract, with the first of the lines to mend.
-- From reject and extract.
-- Caveat: a line with several faults is in each of them; lines are those of the file as it came, the header being line 1.
-- Given $target: the table whose extracts are asked for, or null for all; $most: most lines listed.
-- Seen by: analysts.
select
    extract_id, source, file, target, reason, source_column, row_refused,
    count(*) as n,
    array_to_string(list_sort(list(distinct line))[:$most], ', ') as lines,
from reject
join extract using (extract_id)
where $target is null or target = $target
group by all
order by extract_id, row_refused desc, n desc, reason, source_column
