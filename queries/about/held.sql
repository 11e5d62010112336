-- One row is one table about people, with the number of its records and their first and last day.
-- From incident, incident_strand, incident_month, referral, stop_search, centre_contact, centre_survey, court_result
-- and reject.
-- Caveat: of incident_month it is the number of records that were counted and let go; it holds none of them.
-- Seen by: analysts.
select 'incident' as held_in, count(*) as n, min(recorded_on)::date as first_on, max(recorded_on)::date as last_on,
from incident
union all by name
select 'incident_strand' as held_in, count(*) as n, null::date as first_on, null::date as last_on,
from incident_strand
union all by name
select 'incident_month' as held_in, coalesce(sum(n), 0)::bigint as n, min(month)::date as first_on, max(month)::date as last_on,
from incident_month
union all by name
select 'referral' as held_in, count(*) as n, min(received_on)::date as first_on, max(received_on)::date as last_on,
from referral
union all by name
select 'stop_search' as held_in, count(*) as n, min(searched_on)::date as first_on, max(searched_on)::date as last_on,
from stop_search
union all by name
select 'centre_contact' as held_in, count(*) as n, min(happened_on)::date as first_on, max(happened_on)::date as last_on,
from centre_contact
union all by name
select 'centre_survey' as held_in, count(*) as n, min(answered_on)::date as first_on, max(answered_on)::date as last_on,
from centre_survey
union all by name
select 'court_result' as held_in, count(*) as n, min(quarter_start)::date as first_on, max(quarter_start)::date as last_on,
from court_result
union all by name
select 'reject' as held_in, count(*) as n, null::date as first_on, null::date as last_on,
from reject
