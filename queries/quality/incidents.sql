-- One row is one month of one extract in one police force area, with how many of its incidents have each field.
-- From incident, incident_strand and reject.
-- Caveat: a victim's ethnicity that is not stated is not counted as recorded; a time is known where it lies within a day;
-- crime_type_due leaves out non-crime incidents, sub_strand_due counts the incidents that can have a sub-strand,
-- centre_due those reported through a centre; whole are the incidents of which no value was refused.
-- Given $monitored: bit mask of the strands whose sub-strands are counted; $strands: code and bit of each strand.
-- Seen by: analysts.
with
strand as (
    select unnest($strands, recursive := true)
),
named as (
    select distinct incident_id
    from incident_strand
    join strand on strand.code = incident_strand.strand
    where sub_strand is not null and strand.bit & $monitored > 0
),
touched as (
    select distinct extract_id, line
    from reject
    where not row_refused and reason <> 'merged_value'
)
select
    source, extract_id, date_trunc('month', recorded_on)::date as month, force,
    count(*) as n,
    count(*) filter (strand_mask > 0) as strand,
    count(channel) as channel,
    count(*) filter (kind is distinct from 'non_crime') as crime_type_due,
    count(crime_type) filter (kind is distinct from 'non_crime') as crime_type,
    count(*) filter (victim_ethnicity <> 'not_stated') as ethnicity,
    count(victim_sex) as sex,
    count(victim_age_band) as age_band,
    count(*) filter (strand_mask & $monitored > 0) as sub_strand_due,
    count(named.incident_id) as sub_strand,
    count(online) as online,
    count(outcome) as outcome,
    count(location_type) as location_type,
    count(district) as district,
    count(ward) as ward,
    count(easting) as point,
    count(known_time(occurred_from, occurred_to)) as known_time,
    count(*) filter (channel = 'reporting_centre') as centre_due,
    count(centre_id) filter (channel = 'reporting_centre') as centre,
    count(*) - count(touched.line) as whole,
from incident
left join named using (incident_id)
left join touched using (extract_id, line)
group by all
order by all
