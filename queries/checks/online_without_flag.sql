-- One row is one incident in an online space that is not flagged as online.
-- From incident.
-- Caveat: the flag decides what is counted as online, so such records are missing there.
-- Severity: warning
-- Says: The place is online, but the record is not flagged as online.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, location_type, online,
from incident
where location_type = 'online_space' and online is distinct from true
order by incident_id
