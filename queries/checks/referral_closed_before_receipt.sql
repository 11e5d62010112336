-- One row is one referral closed before it was received, or before its support began.
-- From referral.
-- Caveat: one of the dates is wrong; which one, the record does not say.
-- Severity: error
-- Says: The case was closed before it was received or before support began.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on, support_started_on, closed_on,
from referral
where closed_on < received_on or closed_on < support_started_on
order by referral_id
