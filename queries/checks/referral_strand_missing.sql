-- One row is one referral without a strand.
-- From referral.
-- Caveat: it counts in the total and in no strand.
-- Severity: warning
-- Says: The referral has no strand, so it is in the total and in none of the strands.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on,
from referral
where coalesce(strand_mask, 0) = 0
order by referral_id
