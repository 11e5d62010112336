-- One row is one cell of a grid and one month, quarter or year, with its incidents.
-- From incident.
-- Caveat: only what occurs has a row; incidents without coordinates or without a day share rows without them.
-- Given $filters: the shared filters; $size: metres between opposite sides of a cell; $shape: square or hexagon;
-- $step: month, quarter or year.
-- Seen by: analysts.
with
-- The cells are those of hotspots/cells.
scaled as (
    select
        easting / $size as x,
        northing / $size as y,
        y * sqrt(3) as slant,
        floor(x - slant + 1) as strip,
        month,
    from matching($filters)
),
monthly as (
    select
        case $shape when 'hexagon' then floor((strip + 2 * x + 1) / 3) else floor(x) end::integer as "column",
        case $shape when 'hexagon' then -floor((strip - x - slant + 1) / 3) else floor(y) end::integer as "row",
        month,
        count(*) as n,
    from scaled
    group by "column", "row", month
)
select "column", "row", date '1970-01-01' + period_number($step, month)::integer as step, sum(n)::bigint as n
from monthly
group by "column", "row", step
order by "column", "row", step
