-- One row is one referral of a person who did not agree to be contacted, with a contact or with support.
-- From referral.
-- Caveat: the day of consent is not recorded, so whether consent came later cannot be told.
-- Severity: error
-- Says: The person did not agree to be contacted, but contact or support is recorded.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on, first_contact_on, support_started_on,
from referral
where not consent and (first_contact_on is not null or support_started_on is not null)
order by referral_id
