-- One row is one area of any level, with the first and last day it exists.
-- From area.
-- Caveat: two areas can share a name when they exist at different times.
-- Seen by: everyone.
select area_code, level, name_en, name_cy, parent, valid_from, valid_to, outline, geometry is not null as has_outline,
from area
order by level, area_code
