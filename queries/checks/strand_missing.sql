-- One row is one incident without a strand.
-- From incident.
-- Caveat: it counts in the total and in no strand.
-- Severity: warning
-- Says: The record has no strand, so it is in the total and in none of the strands.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on,
from incident
where coalesce(strand_mask, 0) = 0
order by incident_id
