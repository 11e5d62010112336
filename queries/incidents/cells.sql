-- One row is one month, area of a level and code of a characteristic, with its incidents and the sum of their keys.
-- From incident.
-- Caveat: an incident counts once in each of its strands; those that are held as monthly counts have no key.
-- Given $filters: the shared filters; $level: level of the areas; $by: kind, strand, crime_group or null;
-- $strands: code and bit of each strand; $crime_groups: code and group of each crime type.
-- Seen by: analysts.
with
strand as (
    select unnest($strands, recursive := true)
),
counted as (
    select
        month,
        area_code($level, lsoa, ward, locality, district, force, region) as area,
        case $by when 'kind' then kind when 'crime_group' then crime_type end as code,
        case when $by = 'strand' then strand_mask end as mask,
        count(*) as n,
        sum(record_key) as key,
    from matching($filters)
    group by all
)
select
    month,
    coalesce(area, 'not_recorded') as area,
    case when $by is null then '' else coalesce(strand.code, grouped(counted.code, $crime_groups), 'not_recorded') end as code,
    sum(n)::bigint as n,
    coalesce(sum(key), 0)::bigint as key,
from counted
left join strand on mask & strand.bit > 0
group by all
order by all
