-- One row is one extract, with its new records and what became of the records of earlier ones.
-- From held, fate and version.
-- Caveat: replaced records that nothing stands in place of one for one are among the updated.
with kept as (
    select position, count(*) as n
    from held
    where kept
    group by position
),
gone as (
    select gone_by as position, count(*) filter (not withdrawn) as updated, count(*) filter (withdrawn) as withdrawn
    from fate
    group by gone_by
),
again as (
    select position, count(*) as n
    from version
    group by position
)
select
    range::integer as position,
    coalesce(kept.n, 0) - coalesce(again.n, 0) as new,
    coalesce(updated, 0) as updated,
    coalesce(withdrawn, 0) as withdrawn,
from range($extracts)
left join kept on kept.position = range
left join gone on gone.position = range
left join again on again.position = range
order by position
