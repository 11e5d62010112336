-- One row is what the build found of points near the edges of areas: a text in JSON, as a build reports it.
-- From area.
-- Caveat: empty where the snapshot holds no areas, or was built before this was looked at.
-- Seen by: analysts.
select comment as edges
from duckdb_tables()
where
    table_name = 'area' and database_name = current_database() and not internal
    and exists (from area)
