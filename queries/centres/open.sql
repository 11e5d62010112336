-- One row is one reporting centre that was open on a day of the period.
-- From reporting_centre.
-- Caveat: a centre without an opening day is taken to have been open before the period.
-- Given $area: area the centre lies in, or null; $start, $finish: the period, or null.
-- Seen by: everyone.
select
    centre_id, name_en, name_cy, venue_type, postcode, easting, northing, opened_on, closed_on, hours_per_week, step_free,
    languages, has_named_lead, strands_served, ward, locality, district,
    $finish::date is null or closed_on is null or closed_on > $finish::date as open_at_end,
from reporting_centre
where ($area is null or $area in (lsoa, ward, locality, district, force, region))
    and ($finish::date is null or opened_on is null or opened_on <= $finish::date)
    and ($start::date is null or closed_on is null or closed_on >= $start::date)
order by name_en, centre_id
