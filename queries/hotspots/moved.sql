-- One row is the number of incidents whose point was moved, to a grid or to a place on a map, to protect people.
-- From incident.
-- Caveat: a source that moves points without saying so is not counted.
-- Given $filters: the shared filters.
-- Seen by: analysts.
select count(*) as n
from matching($filters)
where easting is not null and location_precision in ('grid', 'snapped')
