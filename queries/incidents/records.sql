-- One row is one incident, the latest first.
-- From incident; its strands from incident_strand.
-- Caveat: for analysts alone; nothing about the victim is given.
-- Given $filters: the shared filters; $limit: most rows wanted; $offset: rows to pass over.
with
listed as (
    select
        incident_id, source, on_date, recorded_on, occurred_from, occurred_to, kind, crime_type, offence_code, channel,
        centre_id, location_type, ward, district, force, online, repeat_victim, outcome, outcome_on,
    from matching($filters)
    order by on_date desc, incident_id desc
    limit $limit offset $offset
),
strands as (
    select incident_id, string_agg(distinct coalesce(sub_strand, strand), ', ' order by coalesce(sub_strand, strand)) as strands
    from incident_strand
    where incident_id in (select incident_id from listed)
    group by incident_id
)
select listed.*, strands.strands
from listed
left join strands using (incident_id)
order by on_date desc, incident_id desc
