-- One row is one incident that ends before it starts.
-- From incident.
-- Caveat: a build refuses such an end, so any row here is a fault of the build.
-- Severity: error
-- Says: The incident ends before it starts.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, occurred_from, occurred_to,
from incident
where occurred_to < occurred_from
order by incident_id
