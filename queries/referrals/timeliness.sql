-- One row is a period, or all the time if $by is null, with how soon its referrals were contacted.
-- From referral.
-- Caveat: due are people whose consent is recorded, and contacts and days are theirs; working days leave out weekends and
-- bank holidays; of the latest referrals some have yet to be contacted.
-- Given $filters: the shared filters, by date received; $by: month, quarter, year or null; $days: working days allowed.
-- Seen by: analysts.
select
    date '1970-01-01' + period_number($by, month)::integer as period,
    count(*) as referrals,
    count(*) filter (consent) as due,
    count(contact_working_days) filter (consent) as contacted,
    count(*) filter (consent and contact_working_days <= $days) as in_time,
    median(contact_working_days) filter (consent)::double as median_working_days,
from matching_referrals($filters)
group by 1
order by 1
