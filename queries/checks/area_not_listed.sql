-- One row is one incident with the code of an area that is not among the areas of the snapshot.
-- From incident and area.
-- Caveat: a build refuses such a code, so any row here is a fault of the build.
-- Severity: error
-- Says: The record names an area that the snapshot does not have.
-- Seen by: analysts.
with
named as (
    select distinct lsoa, ward, locality, district, force, region
    from incident
),
unlisted as (
    select area_code
    from (select unnest([lsoa, ward, locality, district, force, region]) as area_code from named)
    where area_code is not null and area_code not in (select area_code from area)
    group by area_code
)
select incident_id, source, extract_id, line, recorded_on, ward, district, force,
from incident
where lsoa in (select area_code from unlisted)
    or ward in (select area_code from unlisted)
    or locality in (select area_code from unlisted)
    or district in (select area_code from unlisted)
    or force in (select area_code from unlisted)
    or region in (select area_code from unlisted)
order by incident_id
