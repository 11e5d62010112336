-- One row is one venue that could become a reporting centre.
-- From candidate_venue.
-- Caveat: a venue without coordinates is listed but cannot be drawn.
-- Given $area: area the venue lies in, or null.
-- Seen by: everyone.
select
    venue_id, name_en, name_cy, venue_type, postcode, easting, northing, named_in_plan, ward, locality, district,
from candidate_venue
where $area is null or $area in (ward, locality, district, force, region)
order by name_en, venue_id
