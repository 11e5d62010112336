-- One row is one incident whose outcome is dated before the record.
-- From incident.
-- Caveat: one of the two dates is wrong; which one, the record does not say.
-- Severity: error
-- Says: The outcome is dated before the day the record was made.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, outcome_on,
from incident
where outcome_on < recorded_on
order by incident_id
