-- One row is one population group that is counted in every area of a level with any, with the number of those areas.
-- From area_population and area.
-- Caveat: of areas that existed in the middle of the year; a group that only some of the areas have is left out.
-- Given $level: level of the areas; $year: year wanted.
-- Seen by: everyone.
with
existing as (
    select area_code
    from area
    where level = $level
        and (valid_from is null or valid_from <= make_date($year, 6, 30))
        and (valid_to is null or valid_to >= make_date($year, 6, 30))
),
counted as (
    select population_group, count(distinct area_code) as areas
    from area_population
    join existing using (area_code)
    group by population_group
)
select population_group, areas
from counted
where areas = (select max(areas) from counted)
order by population_group <> 'all', population_group
