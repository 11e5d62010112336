-- One row is one combination of strands in one extract, with how many records carry it.
-- From incident and referral.
-- Caveat: 0 stands for no strand recorded; referrals that say nothing have no mask and count as 0.
select extract_id, coalesce(strand_mask, 0) as mask, count(*) as n
from incident
group by all
union all
select extract_id, coalesce(strand_mask, 0), count(*)
from referral
group by all
