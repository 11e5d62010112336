-- One row is the snapshot.
-- From snapshot.
-- Caveat: complete_to, not the clock, is today for every page.
-- Seen by: everyone.
select name, schema_version, crs, data_to, complete_to, synthetic, approximate
from snapshot
