-- One row is one incident taken by a reporting centre that is not listed.
-- From incident and reporting_centre.
-- Caveat: its report is in no centre's figures.
-- Severity: error
-- Says: The record names a reporting centre that is not among the centres loaded.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, centre_id,
from incident
where centre_id is not null and centre_id not in (select centre_id from reporting_centre)
order by incident_id
