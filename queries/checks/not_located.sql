-- One row is one incident that could not be placed in a local authority.
-- From incident.
-- Caveat: it counts in the total and in no area.
-- Severity: warning
-- Says: The record has no local authority, so it is in no area's figures.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, location_precision,
from incident
where district is null
order by incident_id
