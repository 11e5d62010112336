-- One row is one area of a level, with its incidents, how many carry each mark, and how many lack what a profile shows.
-- From incident.
-- Caveat: a mark that a source does not send is not known rather than absent, so beside each stands how often it is
-- known; incidents without an area have a row of their own.
-- Given $filters: the shared filters; $level: level of the areas.
-- Seen by: analysts.
select
    area_code($level, lsoa, ward, locality, district, force, region) as area,
    count(*) as n,
    count(*) filter (repeat_victim) as repeat_victim,
    count(repeat_victim) as repeat_victim_known,
    count(*) filter (school) as school,
    count(school) as school_known,
    count(*) filter (transport) as transport,
    count(transport) as transport_known,
    count(*) filter (night_time) as night_time,
    count(night_time) as night_time_known,
    count(*) filter (online) as online,
    count(online) as online_known,
    count(*) filter (strand_mask = 0) as without_strand,
    count(*) filter (easting is null or northing is null) as without_point,
from matching($filters)
group by area
order by area
