-- One row is one combination of strands, with the number of incidents that carry exactly these.
-- From incident.
-- Caveat: n adds up to the total; n times strand_count adds up to the sum of the strands, which is more.
-- Given $filters: the shared filters; $strands: code and bit of each strand.
-- Seen by: analysts.
with
combination as (
    select strand_mask, count(*) as n
    from matching($filters)
    group by all
)
select
    coalesce(
        nullif(array_to_string([strand.code for strand in $strands if strand_mask & strand.bit > 0], '+'), ''),
        'not_recorded'
    ) as combination,
    bit_count(coalesce(strand_mask, 0))::integer as strand_count,
    n,
from combination
order by n desc, combination
