-- One row is one incident that names a reporting centre although it was reported in another way.
-- From incident.
-- Caveat: such a report counts for the centre and not for the channel.
-- Severity: warning
-- Says: The record names a reporting centre, but it was not reported through one.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, channel, centre_id,
from incident
where centre_id is not null and channel is distinct from 'reporting_centre'
order by incident_id
