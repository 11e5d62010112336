-- One row is one extract with the number of records that are too old to be held one by one.
-- From older_now: such records of one table.
-- Caveat: extracts without such records are absent.
select
    extract_id,
    count(*) as n
from older_now
group by extract_id
