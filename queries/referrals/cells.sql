-- One row is one month, area of a level and code of a characteristic, with its referrals and the sum of their keys.
-- From referral.
-- Caveat: a referral counts once in each of its strands; its key is drawn from its pseudonym, or its place in its extract.
-- Given $filters: the shared filters, by date received; $level: force or district; $by: route_group, strand or null;
-- $strands: code and bit of each strand; $route_groups: code and group of each route.
-- Seen by: analysts.
with
strand as (
    select unnest($strands, recursive := true)
),
counted as (
    select
        month,
        case $level when 'district' then district when 'force' then force end as area,
        case when $by = 'route_group' then route end as code,
        case when $by = 'strand' then strand_mask end as mask,
        count(*) as n,
        sum(md5_number_lower(coalesce(ref, concat_ws(':', extract_id, line))) % 256) as key,
    from matching_referrals($filters)
    group by all
)
select
    month,
    coalesce(area, 'not_recorded') as area,
    case when $by is null then '' else coalesce(strand.code, grouped(counted.code, $route_groups), 'not_recorded') end as code,
    sum(n)::bigint as n,
    coalesce(sum(key), 0)::bigint as key,
from counted
left join strand on mask & strand.bit > 0
group by all
order by all
