-- One row is one cell of a grid, with its incidents in the period and in an earlier one.
-- From incident.
-- Caveat: incidents without coordinates, outside the land, or held as monthly counts, share a row without a cell.
-- Given $filters: the shared filters; $size: metres between opposite sides of a cell; $shape: square or hexagon;
-- $before_start, $before_finish: first and last day of the earlier period, or null where none is asked for;
-- $inside: level of the areas that make the land, outside which nothing counts, or null where all counts.
-- Seen by: analysts.
with
-- Both periods in one scan: reckoning a cell costs more than passing over the days between them.
scaled as (
    select
        -- A cell on the border also holds points beyond it, which are in no area of the land.
        $inside is null or area_code($inside, lsoa, ward, locality, district, force, region) is not null as on_land,
        if(on_land, easting, null) / $size as x,
        if(on_land, northing, null) / $size as y,
        y * sqrt(3) as slant,
        floor(x - slant + 1) as strip,
        ($filters.start is null or on_date >= $filters.start)
        and ($filters.finish is null or on_date <= $filters.finish) as now,
        on_date between $before_start and $before_finish as earlier,
    from matching(
        struct_update(
            $filters,
            start := if($before_start < $filters.start, $before_start, $filters.start),
            finish := if($before_finish > $filters.finish, $before_finish, $filters.finish)
        )
    )
)
-- Every point is in exactly one cell, that of a line between two hexagons too: the floors decide it.
select
    case $shape when 'hexagon' then floor((strip + 2 * x + 1) / 3) else floor(x) end::integer as "column",
    case $shape when 'hexagon' then -floor((strip - x - slant + 1) / 3) else floor(y) end::integer as "row",
    count(*) filter (where now) as n,
    count(*) filter (where earlier) as before,
from scaled
where now or earlier
group by "column", "row"
order by "column", "row"
