-- One row is one record that stands in place of one of an earlier extract.
-- From fate and held.
-- Caveat: where several records share a key, the first stands in place of the first, and so on.
create or replace temp table version as
with old as (
    select
        gone_by as position,
        key,
        fate.position as old_position,
        fate.row as old_row,
        row_number() over (partition by gone_by, key order by fate.position, fate.row) as turn,
    from fate
    join held using (position, row)
    where not withdrawn
),
new as (
    select position, key, row, row_number() over (partition by position, key order by row) as turn
    from held
    semi join old using (position, key)
    where kept
)
select position, row, old_position, old_row
from old
join new using (position, key, turn)
