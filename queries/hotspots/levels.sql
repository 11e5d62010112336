-- One row is one level of areas, or "point", with the places at which incidents are known and the incidents known there.
-- From incident.
-- Caveat: places are those with an incident, their number beyond a few is an estimate; total counts incidents without a place, too.
-- Given $filters: the shared filters.
-- Seen by: analysts.
with
counted as (
    select
        count(*) as total,
        count(lsoa) as lsoa, approx_count_distinct(lsoa) as lsoas,
        count(ward) as ward, approx_count_distinct(ward) as wards,
        count(locality) as locality, approx_count_distinct(locality) as localities,
        count(district) as district, approx_count_distinct(district) as districts,
        count(force) as force, approx_count_distinct(force) as forces,
        count(region) as region, approx_count_distinct(region) as regions,
        count(easting) as point, approx_count_distinct(round(easting)) as points,
    from matching($filters)
)
select
    unnest(['lsoa', 'ward', 'locality', 'district', 'force', 'region', 'point']) as level,
    unnest([lsoa, ward, locality, district, force, region, point]) as placed,
    unnest([lsoas, wards, localities, districts, forces, regions, points]) as places,
    total,
from counted
