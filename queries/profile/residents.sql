-- One row is one group of people who live in an area, by the latest estimate up to the year, else the first after it.
-- From area_population.
-- Caveat: groups can come from different years and counts, and one person belongs to several groups.
-- Given $area: the area; $year: year wanted.
-- Seen by: everyone.
select population_group, year, base, n,
from area_population
where area_code = $area
qualify row_number() over (
    partition by population_group
    order by year > $year, abs(year - $year), base <> 'mid_year', coalesce(extract_id, 0) desc
) = 1
order by population_group <> 'all', population_group
