-- One row is one area of a level and one month, quarter or year, with its incidents.
-- From incident.
-- Caveat: only what occurs has a row; incidents whose area or day is not known share rows without it.
-- Given $filters: the shared filters; $level: level of the areas; $step: month, quarter or year.
-- Seen by: analysts.
with
monthly as (
    select columns([$level]) as area_code, month, count(*) as n
    from matching($filters)
    group by area_code, month
)
select area_code, date '1970-01-01' + period_number($step, month)::integer as step, sum(n)::bigint as n
from monthly
group by area_code, step
order by area_code, step
