-- One row is one incident taken by a reporting centre on a day when it was not open.
-- From incident and reporting_centre.
-- Caveat: a report may be recorded some days after the centre took it.
-- Severity: warning
-- Says: The reporting centre was not open on the day the record was made.
-- Seen by: analysts.
select incident_id, incident.source, incident.extract_id, incident.line, recorded_on, centre_id, opened_on, closed_on,
from incident
join reporting_centre using (centre_id)
where recorded_on < opened_on or recorded_on > closed_on
order by incident_id
