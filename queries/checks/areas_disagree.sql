-- One row is one incident whose finest area lies in another local authority or force than the record names.
-- From incident and area.
-- Caveat: a code that the source gives goes before the one in which the point falls, so where both are known a point
-- outside the record's own area shows here; where only one level has outlines, the snapshot cannot tell.
-- Severity: warning
-- Says: The place lies in another local authority or police force than the record names.
-- Seen by: analysts.
with recursive
above as (
    select area_code, parent
    from area
    where parent is not null
    union
    select above.area_code, area.parent
    from above
    join area on area.area_code = above.parent
    where area.parent is not null
),
line as (
    select
        above.area_code,
        max(above.parent) filter (area.level = 'district') as district,
        max(above.parent) filter (area.level = 'force') as force,
    from above
    join area on area.area_code = above.parent
    group by above.area_code
),
disagreeing as (
    select combination.*
    from (select distinct lsoa, ward, locality, district, force from incident) as combination
    left join line as place on place.area_code = coalesce(lsoa, ward, locality)
    left join line as authority on authority.area_code = combination.district
    where combination.district <> place.district
        or combination.force <> coalesce(place.force, authority.force)
        or combination.force <> authority.force
)
select incident_id, source, extract_id, line, recorded_on, ward, district, force,
from incident
where exists (
    select 1
    from disagreeing
    where disagreeing.lsoa is not distinct from incident.lsoa
        and disagreeing.ward is not distinct from incident.ward
        and disagreeing.locality is not distinct from incident.locality
        and disagreeing.district is not distinct from incident.district
        and disagreeing.force is not distinct from incident.force
)
order by incident_id
