-- One row is the snapshot.
-- From snapshot.
-- Caveat: read before anything else, since a snapshot of another version may have other tables and columns.
-- Seen by: everyone.
select schema_version
from snapshot
