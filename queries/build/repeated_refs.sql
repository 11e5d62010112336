-- One row is one reference that stands in more than one record of an extract.
-- From references_now: the references of the extract at hand; and marks_now: the hashes that occur more than once.
-- Caveat: empty references never repeat. Few references share a hash, so those of one hash are compared as texts.
select ref as repeated_ref
from references_now
where ref is not null and hash(ref) in (select mark from marks_now)
group by ref
having count(*) > 1
