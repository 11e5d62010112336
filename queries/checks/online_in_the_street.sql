-- One row is one incident that is flagged as online and happened in a street.
-- From incident.
-- Caveat: a threat can be sent from a street; the flag may be right all the same.
-- Severity: information
-- Says: The record is flagged as online, but the place is a street.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, location_type, online,
from incident
where online and location_type in ('street', 'park')
order by incident_id
