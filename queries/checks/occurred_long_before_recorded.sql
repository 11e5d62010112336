-- One row is one incident recorded more than a year after it happened.
-- From incident.
-- Caveat: late reports are real; so are mistyped years.
-- Severity: warning
-- Says: The incident happened more than a year before it was recorded; the year may be mistyped.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, occurred_from,
from incident
where occurred_from < recorded_on - interval 1 year
order by incident_id
