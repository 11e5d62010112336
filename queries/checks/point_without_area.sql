-- One row is one incident with a point that lies in no known area.
-- From incident.
-- Caveat: outlines may be missing rather than the point wrong.
-- Severity: warning
-- Says: The record has a point, but the point lies in no area whose outline is loaded.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, easting, northing,
from incident
where easting is not null and coalesce(lsoa, ward, locality, district, force, region) is null
order by incident_id
