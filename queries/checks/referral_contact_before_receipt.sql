-- One row is one referral with a contact, or an attempt at one, before the day it was received.
-- From referral.
-- Caveat: one of the dates is wrong; which one, the record does not say.
-- Severity: error
-- Says: The person was contacted before the referral was received.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on, first_attempt_on, first_contact_on,
from referral
where first_contact_on::date < received_on or first_attempt_on::date < received_on
order by referral_id
