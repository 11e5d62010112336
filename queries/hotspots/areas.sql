-- One row is one area of a level, with its incidents in the period and in an earlier one.
-- From incident.
-- Caveat: incidents whose area of this level is not known share a row without an area.
-- Given $filters: the shared filters; $level: level of the areas; $before_start, $before_finish: first and last day of
-- the earlier period, or null where none is asked for.
-- Seen by: analysts.
with
-- The column itself, not area_code(): texts would take twice as long to count as the codes that are stored. Each period
-- reads its own days alone: unless they overlap, that is faster than one scan that has to tell them apart.
counted as (
    select columns([$level]) as area_code, count(*) as n, 0 as before
    from matching($filters)
    group by area_code
    union all
    select columns([$level]) as area_code, 0, count(*)
    from matching(struct_update($filters, start := $before_start, finish := $before_finish))
    where $before_start is not null
    group by area_code
)
select area_code, sum(n)::bigint as n, sum(before)::bigint as before
from counted
group by area_code
order by area_code
