-- One row is one incident in a ward that did not exist on the day it was recorded.
-- From incident and area.
-- Caveat: a build refuses such a ward, so any row here is a fault of the build.
-- Severity: error
-- Says: The ward did not exist on the day the record was made.
-- Seen by: analysts.
select incident_id, incident.source, incident.extract_id, line, recorded_on, ward, valid_from, valid_to,
from incident
join area on area.area_code = ward
where recorded_on < valid_from or recorded_on > valid_to
order by incident_id
