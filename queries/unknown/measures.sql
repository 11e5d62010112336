-- One row is one measure of an area, the latest of its years up to the one asked for, else the first after it.
-- From area_measure.
-- Caveat: measures of different years or nations are not on one scale.
-- Given $measures: codes of the measures; $year: year wanted.
-- Seen by: everyone.
select area_code, measure, year, value,
from area_measure
where list_contains($measures::varchar[], measure)
qualify row_number() over (
    partition by area_code, measure
    order by year > $year, abs(year - $year), coalesce(extract_id, 0) desc
) = 1
order by area_code, measure
