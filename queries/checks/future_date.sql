-- One row is one record made after its extract was received.
-- From incident, referral, stop_search, centre_contact, centre_survey, court_result and extract.
-- Caveat: a build refuses such a record, so any row here is a fault of the build; an extract without a stated day of
-- receipt cannot be checked.
-- Severity: error
-- Says: The record is dated after the day its extract was received.
-- Seen by: analysts.
with
dated as (
    select extract_id, line, recorded_on as dated_on from incident
    union all
    select extract_id, line, received_on from referral
    union all
    select extract_id, line, searched_on::date from stop_search
    union all
    select extract_id, line, happened_on from centre_contact
    union all
    select extract_id, line, answered_on from centre_survey
    union all
    select extract_id, line, quarter_start from court_result
)
select extract.source, extract_id, line, dated_on, extract.received_on as extract_received_on,
from dated
join extract using (extract_id)
where dated_on > extract.received_on
order by extract_id, line
