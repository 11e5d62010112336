-- One row is one source, or one month of it: how soon the people referred were contacted.
-- From referral.
-- Caveat: agreed are people whose consent is recorded, unknown those of whom nothing is; contacts and days are those of
-- people who agreed; working days leave out weekends and bank holidays; of the latest referrals some have yet to be
-- contacted.
-- Given $start, $finish: first and last day received, or null; $days: working days allowed.
-- Seen by: analysts.
with
chosen as (
    select source, date_trunc('month', received_on)::date as month, consent, contact_working_days
    from referral
    where ($start is null or received_on >= $start::date)
        and ($finish is null or received_on <= $finish::date)
)
select
    source, month,
    count(*) as n,
    count(*) filter (consent) as agreed,
    count(*) filter (consent is null) as unknown,
    count(contact_working_days) filter (consent) as contacted,
    count(*) filter (consent and contact_working_days <= $days) as in_time,
    median(contact_working_days) filter (consent) as days_median,
    quantile_cont(contact_working_days, 0.9) filter (consent) as days_90,
from chosen
group by grouping sets ((source), (source, month))
order by all
