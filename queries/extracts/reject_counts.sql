-- One row is one reason of refusal in one column of one extract.
-- From reject, extract, incident, referral, reporting_centre, centre_contact, centre_survey,
-- candidate_venue, stop_search, court_result, area_population, area_measure, postcode and published_figure.
-- Caveat: a record with several faults is counted under each of them. Values count only where their row is held: not in
-- rows that were refused, folded, or replaced or withdrawn by a later extract, save those that gave way in a merged record.
-- Seen by: analysts.
with
counted as (
    select
        extract_id, line, reason, source_column, row_refused,
        not row_refused and (reason = 'merged_value' or (extract_id, line) in (select (extract_id, line) from held_rows())) as value,
    from reject
)
select
    extract_id, file, reason, source_column,
    count(*) filter (row_refused or value) as refusals,
    count(distinct line) filter (row_refused) as records,
    count(*) filter (value) as refused_values,
from counted
join extract using (extract_id)
group by all
order by extract_id, refusals desc, reason, source_column
