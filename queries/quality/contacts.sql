-- One row is one source, or one month of it: how soon the people referred were contacted.
-- From referral.
-- Caveat: agreed leaves out people who did not agree to be contacted; working days leave out weekends and bank holidays;
-- of the latest referrals some have yet to be contacted.
-- Given $start, $finish: first and last day received, or null; $days: working days allowed.
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
    count(*) filter (consent is distinct from false) as agreed,
    count(contact_working_days) as contacted,
    count(*) filter (consent is distinct from false and contact_working_days <= $days) as in_time,
    median(contact_working_days) as days_median,
    quantile_cont(contact_working_days, 0.9) as days_90,
from chosen
group by grouping sets ((source), (source, month))
order by all
