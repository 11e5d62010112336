-- One row is one place, to the metre, with the number of incidents there.
-- From incident.
-- Caveat: incidents without coordinates are left out; a place known by its area alone stands where its source put it.
-- Given $filters: the shared filters.
-- Seen by: analysts.
select
    round(easting)::integer as easting,
    round(northing)::integer as northing,
    count(*) as n,
from matching($filters)
where easting is not null and northing is not null
group by all
order by all
