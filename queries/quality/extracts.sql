-- One row is one extract, with what became of its rows and how many of those kept lost a value.
-- From extract, reject, incident, referral, reporting_centre, centre_contact, centre_survey,
-- candidate_venue, stop_search, court_result, area_population, area_measure, postcode and published_figure.
-- Caveat: read is kept, refused and folded rows together; touched are the rows of which a value was refused among those
-- held (kept, and not so old that they are counted by month alone), and passed_over the rows refused because the mapping
-- does not want them; a value that gave way to another row's is no fault.
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
touched as (
    select extract_id, count(distinct line) as touched
    from reject
    semi join held using (extract_id, line)
    where not row_refused and reason <> 'merged_value'
    group by extract_id
),
unwanted as (
    select extract_id, count(distinct line) as passed_over
    from reject
    where row_refused and reason = 'passed_over'
    group by extract_id
)
select
    extract_id, source, file, target, rows_read, rows_kept, rows_refused, rows_collapsed, values_refused,
    rows_kept - coalesce(rows_aggregated, 0) as rows_held,
    coalesce(touched, 0) as touched, coalesce(passed_over, 0) as passed_over,
    first_on, last_on, received_on,
from extract
left join touched using (extract_id)
left join unwanted using (extract_id)
order by extract_id
