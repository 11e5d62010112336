-- One row is one record with a reference: the hash of it.
-- From references_now: the references of the extract at hand.
-- Caveat: few references share a hash, but some may.
select hash(ref) as mark
from references_now
where ref is not null
