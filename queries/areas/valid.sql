-- One row is one area of a level that exists on a day.
-- From area.
-- Caveat: an area without an outline has no geometry; outline says how exact the others are.
-- Given $level: lsoa, ward, locality, district, force or region; $on: the day; $within: area they lie in, or null for all.
-- Seen by: everyone.
with recursive
inside as (
    select $within::varchar as area_code
    union
    select area.area_code
    from area
    join inside on area.parent = inside.area_code
)
select area_code, level, name_en, name_cy, parent, valid_from, valid_to, geometry, outline,
from area
where level = $level
    and (valid_from is null or valid_from <= $on::date)
    and (valid_to is null or valid_to >= $on::date)
    and ($within is null or area_code in (select area_code from inside))
order by area_code
