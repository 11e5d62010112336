-- One row is one referral whose status and dates contradict each other.
-- From referral.
-- Caveat: either the status or the date can be the wrong one.
-- Severity: warning
-- Says: The status says that support started or the case is open, and the dates say otherwise.
-- Seen by: analysts.
select referral_id, source, extract_id, line, received_on, status, support_started_on, closed_on,
from referral
where (status = 'supported' and support_started_on is null) or (status = 'open' and closed_on is not null)
order by referral_id
