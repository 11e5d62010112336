-- One row is one referral whose reference another referral of the same source has too.
-- From referral.
-- Caveat: a mapping that keeps repeats does so on purpose.
-- Severity: warning
-- Says: Another referral of the same source has the same reference, so one of them may be counted twice.
-- Seen by: analysts.
with
repeated as (
    select source, ref
    from referral
    where ref is not null
    group by source, ref
    having count(*) > 1
)
select referral_id, source, extract_id, line, received_on,
from referral
semi join repeated using (source, ref)
order by referral_id
