-- One row is one incident with a racially or religiously aggravated offence that carries neither strand.
-- From incident.
-- Caveat: the offence is a hate crime by law; it is the strand that is missing.
-- Given $aggravated: the aggravated offence codes; $race_or_religion: bit mask of both strands.
-- Severity: error
-- Says: The offence is racially or religiously aggravated, but neither race nor religion is recorded.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, offence_code,
from incident
where list_contains($aggravated, offence_code) and coalesce(strand_mask, 0) & $race_or_religion = 0
order by incident_id
