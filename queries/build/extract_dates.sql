-- One row is one extract with the first and last day of the records it brought.
-- From the dated tables of the snapshot.
-- Caveat: extracts without dates (areas, populations, venues) are absent.
with dated as (
    select extract_id, recorded_on as day from snapshot.incident
    union all
    select extract_id, month from snapshot.incident_month
    union all
    select extract_id, received_on from snapshot.referral
    union all
    select extract_id, searched_on::date from snapshot.stop_search
    union all
    select extract_id, happened_on from snapshot.centre_contact
    union all
    select extract_id, answered_on from snapshot.centre_survey
    union all
    select extract_id, quarter_start from snapshot.court_result
)
select extract_id, min(day) as first_on, max(day) as last_on
from dated
group by extract_id
