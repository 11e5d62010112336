-- One row is a period, or all the time if $by is null, with what people said of the support.
-- From referral.
-- Caveat: few answer; read the shares with their number of answers.
-- Given $filters: the shared filters, by date received; $by: month, quarter, year or null.
-- Seen by: analysts.
select
    date '1970-01-01' + period_number($by, month)::integer as period,
    count(*) as referrals,
    count(satisfaction) as answers,
    count(*) filter (satisfaction >= 4) as satisfied,
from matching_referrals($filters)
group by 1
order by 1
