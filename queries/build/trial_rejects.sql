-- One row is one refused value with how often it occurs and the first lines it stands in.
-- From reject.
-- Caveat: value is empty where it was missing, or withheld because it could tell who somebody is.
select extract_id, reason, source_column, value, row_refused, list(line order by line)[:3] as lines,
    count(*) as n
from reject
group by extract_id, reason, source_column, value, row_refused
order by min(line)
