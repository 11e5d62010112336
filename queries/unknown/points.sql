-- One row is one place, to the metre, of an area, with its incidents of the period and those of before.
-- From incident.
-- Caveat: points are often moved to the middle of a street or square, so one place can be several addresses; incidents
-- without coordinates or without an area are left out.
-- Given $filters: the shared filters, up to the last day of the period; $level: level of the areas; $start: first day of
-- the period.
-- Seen by: analysts.
select
    area_code($level, lsoa, ward, locality, district, force, region) as area,
    round(easting)::integer as easting,
    round(northing)::integer as northing,
    count(*) filter (on_date >= $start::date) as n,
    count(*) filter (on_date < $start::date) as before,
    min(on_date) filter (on_date >= $start::date) as first_on,
from matching($filters)
where easting is not null and northing is not null and area is not null
group by all
order by all
