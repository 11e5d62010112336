-- One row is one incident whose kind and offence contradict each other.
-- From incident.
-- Caveat: either of the two can be the wrong one.
-- Severity: error
-- Says: A non-crime incident has an offence code, or anti-social behaviour is recorded as a crime.
-- Seen by: analysts.
select incident_id, source, extract_id, line, recorded_on, kind, crime_type, offence_code,
from incident
where (kind = 'non_crime' and offence_code is not null)
    or (kind = 'crime' and crime_type = 'anti_social_behaviour')
order by incident_id
