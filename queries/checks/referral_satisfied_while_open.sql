-- One row is one referral with an answer on satisfaction and no day of closure.
-- From referral.
-- Caveat: an answer may be given before the case is closed; more often the day of closure is missing.
-- Severity: warning
-- Says: The person answered on satisfaction, but the case is not closed.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on, status, satisfaction,
from referral
where satisfaction is not null and closed_on is null
order by referral_id
