-- One row is one area, month, crime group and combination of strands, with its incidents and how many carry each flag.
-- From incident.
-- Caveat: a flag that a source does not send is not known rather than absent, so beside each stands how often it is
-- known; an incident without an area has a row of its own.
-- Given $filters: the shared filters; $level: level of the areas; $crime_groups: code and group of each code; $young:
-- the age bands that end below 18.
-- Seen by: analysts.
select
    area_code($level, lsoa, ward, locality, district, force, region) as area,
    month,
    grouped(crime_type, $crime_groups) as crime_group,
    strand_mask,
    count(*) as n,
    count(*) filter (school) as school,
    count(school) as school_known,
    count(*) filter (transport) as transport,
    count(transport) as transport_known,
    count(*) filter (night_time) as night_time,
    count(night_time) as night_time_known,
    count(*) filter (online) as online,
    count(online) as online_known,
    count(*) filter (repeat_victim) as repeat_victim,
    count(repeat_victim) as repeat_victim_known,
    count(*) filter (list_contains($young::varchar[], victim_age_band)) as young,
    count(victim_age_band) as young_known,
    count(*) filter (school or list_contains($young::varchar[], victim_age_band)) as school_or_young,
from matching($filters)
group by area, month, grouped(crime_type, $crime_groups), strand_mask
order by all
