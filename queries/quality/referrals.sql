-- One row is one month of one extract of referrals in one police force area, with how many have each field.
-- From referral and reject.
-- Caveat: what cannot be there is not asked for: a police reference only of referrals by the police, the day of first
-- contact only of people who agreed to be contacted and were not out of reach, needs and support only of people who are
-- supported, a reason only of closed cases; whole are the referrals of which no value was refused.
-- Given $route_groups: code and group of each route.
-- Seen by: analysts.
with
touched as (
    select distinct extract_id, line
    from reject
    where not row_refused and reason <> 'merged_value'
)
select
    source, extract_id, date_trunc('month', received_on)::date as month, force,
    count(*) as n,
    count(*) filter (map_from_entries($route_groups)[route] = 'self_referral') as own,
    count(route) as route,
    count(*) filter (map_from_entries($route_groups)[route] = 'police') as incident_ref_due,
    count(incident_ref) filter (map_from_entries($route_groups)[route] = 'police') as incident_ref,
    count(consent) as consent,
    count(reported_to_police) as reported_to_police,
    count(kind) as kind,
    count(*) filter (coalesce(strand_mask, 0) > 0) as strand,
    count(language) as language,
    count(district) as district,
    count(status) as status,
    count(*) filter (consent and status is distinct from 'unreachable' and status is distinct from 'open') as contact_due,
    count(first_contact_on) filter (
        consent and status is distinct from 'unreachable' and status is distinct from 'open'
    ) as contact,
    count(*) filter (status = 'supported') as needs_due,
    count(*) filter (status = 'supported' and len(needs) > 0) as needs,
    count(*) filter (status = 'supported') as support_due,
    count(support_started_on) filter (status = 'supported') as support,
    count(closed_on) as closure_due,
    count(closure_reason) filter (closed_on is not null) as closure,
    count(*) - count(touched.line) as whole,
from referral
left join touched using (extract_id, line)
group by all
order by all
