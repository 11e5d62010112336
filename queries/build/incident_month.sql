-- One row is one month, source, kind, crime type, channel, online flag, area and set of strands, with its incidents.
-- From older_now: the incidents that are too old to be held one by one.
-- Caveat: what is not named here is let go with them: day, time, place, outcome, victim, reference.
select
    date_trunc('month', recorded_on)::date as month,
    source,
    kind,
    crime_type,
    channel,
    online,
    district,
    force,
    region,
    strand_mask,
    strand_set,
    count(*) as n,
    extract_id
from older_now
group by all
