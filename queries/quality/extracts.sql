-- One row is one extract, with what became of its rows and how many of those kept lost a value.
-- From extract, reject, incident, referral, reporting_centre, centre_contact, centre_survey,
-- candidate_venue, stop_search, court_result, area_population, area_measure, postcode and published_figure.
-- Caveat: read is kept, refused and folded rows together; touched are the rows of which a value was refused among those
-- held (kept, and not so old that they are counted by month alone), and passed_over the rows refused because the mapping
-- does not want them; a value that gave way to another row's is no fault.
-- Seen by: analysts.
with
touched as (
    select extract_id, count(distinct line) as touched
    from reject
    semi join held_rows() using (extract_id, line)
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
