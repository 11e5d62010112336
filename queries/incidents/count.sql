-- One row is one combination of up to three dimensions, with the number of incidents in it.
-- From incident, and incident_strand when a sub-strand is asked for.
-- Caveat: an incident counts once in each of its strands, so rows by strand add up to more than the total.
-- Given $filters: the shared filters; $by1, $by2, $by3: names of dimensions or null; $level: level of an area or
-- metres of a grid; $strands: code and bit of each strand; $crime_groups, $outcome_groups: code and group of each code.
-- Seen by: analysts.
with
incident as (
    select
        incident_id, month, kind, crime_type, channel, location_type, outcome, online, centre_id, source, strand_mask,
        known_time(occurred_from, occurred_to) as happened_at,
        area_code($level, lsoa, ward, locality, district, force, region) as area,
        packed_cell(easting, northing, try_cast($level as integer)) as cell,
    from matching($filters)
),
part as (
    select distinct
        incident_id,
        case when 'strand' in ($by1, $by2, $by3) then strand end as part_strand,
        sub_strand,
    from incident_strand
    where 'sub_strand' in ($by1, $by2, $by3)
),
counted as (
    select
        incident_number($by1, month, happened_at, cell) as number1,
        incident_number($by2, month, happened_at, cell) as number2,
        incident_number($by3, month, happened_at, cell) as number3,
        incident_code(
            $by1, area, kind, crime_type, channel, location_type, outcome, online, centre_id, source
        ) as code1,
        incident_code(
            $by2, area, kind, crime_type, channel, location_type, outcome, online, centre_id, source
        ) as code2,
        incident_code(
            $by3, area, kind, crime_type, channel, location_type, outcome, online, centre_id, source
        ) as code3,
        part_strand,
        sub_strand,
        -- A sub-strand brings its own strand with it.
        case
            when 'sub_strand' in ($by1, $by2, $by3) then null
            when 'strand' in ($by1, $by2, $by3) then strand_mask
        end as mask,
        count(*) as n,
    from incident
    left join part using (incident_id)
    group by all
),
strand as (
    select unnest($strands, recursive := true)
),
exploded as (
    select counted.*, coalesce(strand.code, part_strand) as strand
    from counted
    left join strand on mask & strand.bit > 0
),
named as (
    select
        incident_name($by1, number1, code1, strand, sub_strand, $level, $crime_groups, $outcome_groups) as by1,
        incident_name($by2, number2, code2, strand, sub_strand, $level, $crime_groups, $outcome_groups) as by2,
        incident_name($by3, number3, code3, strand, sub_strand, $level, $crime_groups, $outcome_groups) as by3,
        n,
    from exploded
)
select by1, by2, by3, sum(n)::bigint as n
from named
group by all
order by all
