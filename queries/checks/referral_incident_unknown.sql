-- One row is one referral with the reference of an incident that no incident has.
-- From referral and incident.
-- Caveat: the incident can be older than the extracts, recorded by another force, or replaced by monthly counts.
-- Severity: information
-- Says: The referral names an incident that is not among the incidents loaded.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on,
from referral
where incident_ref is not null and incident_ref not in (select ref from incident where ref is not null)
order by referral_id
