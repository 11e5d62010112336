-- One row is one area with incidents but without a population, at a level at which populations are loaded.
-- From incident, area and area_population.
-- Caveat: an area whose parts all have a population has one as well; without one there is no rate.
-- Severity: warning
-- Says: The area has incidents but no population, so no rate can be given for it.
-- Seen by: analysts.
with
combination as (
    select distinct lsoa, ward, locality, district, force, region
    from incident
),
recorded as (
    select distinct unnest([lsoa, ward, locality, district, force, region]) as area_code
    from combination
),
counted as (
    select distinct area_code
    from area_population
),
summed as (
    select parent as area_code
    from area
    where parent is not null
    group by parent
    having count(*) = count(*) filter (area_code in (select area_code from counted))
),
level_known as (
    select distinct level
    from area
    semi join counted using (area_code)
)
select area.area_code, level, name_en,
from recorded
join area using (area_code)
semi join level_known using (level)
anti join counted using (area_code)
anti join summed using (area_code)
order by level, area_code
