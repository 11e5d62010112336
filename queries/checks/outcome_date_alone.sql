-- One row is one incident with the date of an outcome and no outcome.
-- From incident.
-- Caveat: the outcome can have been refused because its label is not in the mapping.
-- Severity: warning
-- Says: An outcome is dated, but the outcome itself is missing.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, outcome_on,
from incident
where outcome_on is not null and outcome is null
order by incident_id
