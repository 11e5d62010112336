-- One row is one incident whose place and day are known: where it happened, to the metre, and on which day.
-- From incident.
-- Caveat: incidents without coordinates or without a day on the basis are left out; a place known by its area alone
-- stands where its source put it.
-- Given $filters: the shared filters.
-- Seen by: analysts.
select
    round(easting)::integer as easting,
    round(northing)::integer as northing,
    on_date as day,
from matching($filters)
where easting is not null and northing is not null and on_date is not null
order by all
