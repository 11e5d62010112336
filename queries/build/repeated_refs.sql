-- One row is one reference that stands in more than one record of an extract.
-- From references_now: the references of the extract at hand.
-- Caveat: empty references never repeat.
select ref as repeated_ref
from references_now
where ref is not null
group by ref
having count(*) > 1
