-- One row is one incident whose reference another incident of the same source has too.
-- From incident.
-- Caveat: a mapping that keeps repeats does so on purpose, as where one reference has several victims.
-- Severity: warning
-- Says: Another incident of the same source has the same reference, so one of them may be counted twice.
-- Seen by: analysts.
with
repeated as (
    select source, ref
    from incident
    where ref is not null
    group by source, ref
    having count(*) > 1
)
select incident_id, source, extract_id, line, recorded_on,
from incident
semi join repeated using (source, ref)
order by incident_id
