-- One row is one table or view of an SQLite database that a partner sent, and the statement that reads all of it.
-- From sqlite_master of that database; it is SQLite that quotes the name (%w), not this program.
-- Caveat: written for SQLite, not DuckDB; the bookkeeping tables of SQLite and of GeoPackages are left out.
select name, printf('select * from "%w"', name) as reading
from sqlite_master
where type in ('table', 'view')
    and name not like 'sqlite\_%' escape '\'
    and name not like 'gpkg\_%' escape '\'
    and name not like 'rtree\_%' escape '\'
order by name
