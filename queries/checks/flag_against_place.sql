-- One row is one incident whose place is public transport, a school or a prison while its flag says it is not.
-- From incident.
-- Caveat: either of the two can be the wrong one; an empty flag says nothing and is left out.
-- Severity: warning
-- Says: The kind of place and the flag for transport, school or prison contradict each other.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, location_type, transport, school, prison,
from incident
where (location_type = 'public_transport' and not transport)
    or (location_type = 'school' and not school)
    or (location_type = 'prison' and not prison)
order by incident_id
