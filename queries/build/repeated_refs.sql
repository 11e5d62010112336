-- One row is one reference that stands in more than one record of an extract.
-- From references_now: the references of the extract at hand.
-- Caveat: empty references never repeat. Numbers are compared first, because few references share one.
with repeated as (
    select hash(ref) as mark
    from references_now
    where ref is not null
    group by mark
    having count(*) > 1
)
select ref as repeated_ref
from references_now
where ref is not null and hash(ref) in (select mark from repeated)
group by ref
having count(*) > 1
