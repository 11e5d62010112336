-- One row is one incident or referral dated outside the period for which its extract is stated to be complete.
-- From incident, referral and extract.
-- Caveat: an extract may hold more than it promises; only what it promises can be relied on.
-- Severity: information
-- Says: The record is dated outside the period for which its extract is stated to be complete.
-- Seen by: analysts.
with
dated as (
    select extract_id, line, recorded_on as dated_on from incident
    union all
    select extract_id, line, received_on from referral
)
select extract.source, extract_id, line, dated_on, complete_from, complete_to,
from dated
join extract using (extract_id)
where dated_on < complete_from or dated_on > complete_to
order by extract_id, line
