-- One row is one contact with a reporting centre, or answer about it, on a day when it was not open.
-- From centre_contact, centre_survey, reporting_centre and extract.
-- Caveat: a centre is visited before it opens; what matters is that the dates are right.
-- Severity: warning
-- Says: A contact with a reporting centre, or an answer about it, is dated when the centre was not open.
-- Seen by: analysts.
with
dated as (
    select extract_id, line, centre_id, happened_on as dated_on from centre_contact
    union all
    select extract_id, line, centre_id, answered_on from centre_survey
)
select extract.source, dated.extract_id, dated.line, dated_on, centre_id, opened_on, reporting_centre.closed_on,
from dated
join reporting_centre using (centre_id)
left join extract on extract.extract_id = dated.extract_id
where dated_on < opened_on or dated_on > reporting_centre.closed_on
order by dated.extract_id, dated.line
