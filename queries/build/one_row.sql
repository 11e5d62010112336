-- One row is the only row.
-- From nothing.
-- Caveat: it exists so that typed columns can be selected from it.
select 1 as one
