-- One row is one quarter in which an extract added, replaced or withdrew records of its source.
-- From held and fate.
-- Caveat: the first extract of a source has nothing before it, so it is absent; so are records without a day.
with flow as (
    select position, day, 1 as n
    from held
    where kept and day is not null
    union all
    select gone_by, day, -1
    from fate
    join held using (position, row)
    where day is not null
),
moved as (
    select position, date_trunc('quarter', day)::date as quarter_start, sum(n) as n
    from flow
    group by all
),
counted as (
    select position, quarter_start, n, sum(n) over (partition by quarter_start order by position) as n_after
    from moved
)
select position, quarter_start, (n_after - n)::bigint as n_before, n_after::bigint as n_after
from counted
where position > 0
order by position, quarter_start
