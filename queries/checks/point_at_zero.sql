-- One row is one incident at the origin of the coordinate system.
-- From incident.
-- Caveat: a build refuses such a point, so any row here is a fault of the build.
-- Severity: error
-- Says: The point is 0, 0, which stands for an unknown place.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, easting, northing,
from incident
where easting = 0 and northing = 0
order by incident_id
