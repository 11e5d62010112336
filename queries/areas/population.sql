-- One row is one area of a level that existed in the middle of the year, with its people.
-- From area_population and area.
-- Caveat: the latest estimate on or before the year, else the nearest after it; an area without one of its own takes the
-- sum of the areas directly inside it, where all of them have one (summed); all is female and male where it is not given.
-- Given $level: level of the areas; $year: year wanted; $population_group: who is counted.
-- Seen by: everyone.
with
existing as (
    select area_code, level, parent
    from area
    where (valid_from is null or valid_from <= make_date($year, 6, 30))
        and (valid_to is null or valid_to >= make_date($year, 6, 30))
),
-- Two files may give the same figure; the later one stands, and neither is added to the other.
figure as (
    select area_code, year, base, population_group, arg_max(n, coalesce(extract_id, 0)) as n
    from area_population
    group by all
),
estimate as (
    select area_code, year, base, n, 0 as rank
    from figure
    where population_group = $population_group
    union all
    select area_code, year, base, sum(n)::bigint as n, 1 as rank
    from figure
    where $population_group = 'all' and population_group in ('female', 'male')
    group by area_code, year, base
    having count(distinct population_group) = 2
),
own as (
    select area_code, year, base, n
    from estimate
    qualify row_number() over (
        partition by area_code
        order by year > $year, abs(year - $year), base <> 'mid_year', rank
    ) = 1
),
summed as (
    select existing.parent as area_code, min(own.year) as year, min(own.base) as base, sum(own.n)::bigint as n
    from existing
    left join own using (area_code)
    where existing.level <> 'lsoa'
    group by existing.parent
    having count(*) = count(own.n)
)
select
    area_code,
    coalesce(own.year, summed.year) as year,
    coalesce(own.base, summed.base) as base,
    coalesce(own.n, summed.n) as n,
    own.n is null and summed.n is not null as summed,
from existing
left join own using (area_code)
left join summed using (area_code)
where existing.level = $level
order by area_code
