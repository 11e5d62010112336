-- One row is one record with a later date, such as that of its outcome, after its extract was received.
-- From incident, referral and extract.
-- Caveat: the record itself is dated before; an extract without a stated day of receipt cannot be checked.
-- Severity: error
-- Says: An outcome, contact, start of support or closure is dated after the day the extract was received.
-- Seen by: analysts.
with
dated as (
    select extract_id, line, recorded_on as dated_on, outcome_on as later_on from incident
    union all
    select
        extract_id, line, received_on,
        greatest(first_attempt_on::date, first_contact_on::date, support_started_on, closed_on),
    from referral
)
select extract.source, extract_id, line, dated_on, later_on, extract.received_on as extract_received_on,
from dated
join extract using (extract_id)
where later_on > extract.received_on
order by extract_id, line
