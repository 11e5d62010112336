-- One row is one reason of refusal in one column of one extract.
-- From reject, extract, incident, referral, reporting_centre, centre_contact, centre_survey,
-- candidate_venue, stop_search, court_result, area_population, area_measure, postcode and published_figure.
-- Caveat: a record with several faults is counted under each of them. Values count only where their row is held: not in
-- rows that were refused, folded, or replaced or withdrawn by a later extract, save those that gave way in a merged record.
with
held as (
    select extract_id, line from incident
    union all
    select extract_id, line from referral
    union all
    select extract_id, line from reporting_centre
    union all
    select extract_id, line from centre_contact
    union all
    select extract_id, line from centre_survey
    union all
    select extract_id, line from candidate_venue
    union all
    select extract_id, line from stop_search
    union all
    select extract_id, line from court_result
    union all
    select extract_id, line from area_population
    union all
    select extract_id, line from area_measure
    union all
    select extract_id, line from postcode
    union all
    select extract_id, line from published_figure
    -- Outlines have no line of their own.
    union all
    select extract_id, line from reject
    join extract using (extract_id)
    where target = 'area'
),
counted as (
    select
        extract_id, line, reason, source_column, row_refused,
        not row_refused and (reason = 'merged_value' or (extract_id, line) in (select (extract_id, line) from held)) as value,
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
