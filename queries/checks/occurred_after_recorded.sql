-- One row is one incident that happened after it was recorded.
-- From incident.
-- Caveat: a build refuses such a time, so any row here is a fault of the build.
-- Severity: error
-- Says: The incident happened after the day it was recorded.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, occurred_from,
from incident
where occurred_from >= recorded_on + 1
order by incident_id
