-- One row is one referral whose support began before the day it was received.
-- From referral.
-- Caveat: one of the dates is wrong; which one, the record does not say.
-- Severity: error
-- Says: Support began before the referral was received.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on, support_started_on,
from referral
where support_started_on < received_on
order by referral_id
