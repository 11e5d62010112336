-- One row is one reporting centre that was open on a day of the period, with its use and the contact kept with it.
-- From reporting_centre, incident, centre_contact and centre_survey.
-- Caveat: no report is a finding only where a return was sent; contacts are the latest ever, up to the end of the period.
-- Given $filters: the shared filters, for the reports, without an area since people report away from where it happened;
-- $area: area the centre lies in, or null; $start, $finish: the period, or null.
-- Seen by: analysts.
with
report as (
    select centre_id, count(*) as reports, max(on_date) as last_report_on
    from matching($filters)
    where centre_id is not null
    group by all
),
contact as (
    select
        centre_id,
        max(happened_on) filter (contact_type = 'contact') as last_contact_on,
        max(happened_on) filter (contact_type = 'visit') as last_visit_on,
        max(happened_on) filter (contact_type = 'training') as last_training_on,
        max(happened_on) filter (contact_type = 'return') as last_return_on,
    from centre_contact
    where $finish::date is null or happened_on <= $finish::date
    group by all
),
returned as (
    select centre_id, count(*) as returns_sent, sum(reports)::bigint as reports_in_returns
    from centre_contact
    where contact_type = 'return'
        and ($start::date is null or happened_on >= $start::date)
        and ($finish::date is null or happened_on <= $finish::date)
    group by all
),
survey as (
    select
        centre_id,
        count(*) as answers,
        count(*) filter (score >= 4) as satisfied,
        count(*) filter (would_use_again) as would_use_again,
        avg(score) as mean_score,
        count(*) filter (score = 1) as score_1,
        count(*) filter (score = 2) as score_2,
        count(*) filter (score = 3) as score_3,
        count(*) filter (score = 4) as score_4,
        count(*) filter (score = 5) as score_5,
    from centre_survey
    where ($start::date is null or answered_on >= $start::date)
        and ($finish::date is null or answered_on <= $finish::date)
    group by all
)
select
    centre.centre_id, name_en, name_cy, venue_type, opened_on, closed_on, locality, district,
    coalesce(reports, 0) as reports,
    last_report_on,
    last_contact_on, last_visit_on, last_training_on, last_return_on,
    coalesce(returns_sent, 0) as returns_sent,
    reports_in_returns,
    coalesce(answers, 0) as answers,
    coalesce(satisfied, 0) as satisfied,
    coalesce(would_use_again, 0) as would_use_again,
    mean_score,
    coalesce(score_1, 0) as score_1,
    coalesce(score_2, 0) as score_2,
    coalesce(score_3, 0) as score_3,
    coalesce(score_4, 0) as score_4,
    coalesce(score_5, 0) as score_5,
from reporting_centre as centre
left join report using (centre_id)
left join contact using (centre_id)
left join returned using (centre_id)
left join survey using (centre_id)
where ($area is null or $area in (lsoa, ward, locality, district, force, region))
    and ($finish::date is null or opened_on is null or opened_on <= $finish::date)
    and ($start::date is null or closed_on is null or closed_on >= $start::date)
order by name_en, centre.centre_id
