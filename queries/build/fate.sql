-- One row is one record that a later extract of its source replaced or withdrew, and which one.
-- From held, and complete: the extracts that state to hold every record of a period.
-- Caveat: a record that was refused in the later extract replaces nothing, and it keeps its earlier version.
create or replace temp table fate as
with repeated as (
    select key
    from held
    where kept and key is not null
    group by key
    having min(position) < max(position)
),
replaced as (
    select
        position,
        row,
        min(position) over (
            partition by key order by position range between 1 following and unbounded following
        ) as replaced_by
    from held
    join repeated using (key)
    where kept
),
withdrawn as (
    select old.position, old.row, min(complete.position) as withdrawn_by
    from held as old
    join complete on complete.position > old.position and old.day between complete.first_on and complete.last_on
    where old.kept
        and not exists (
            from held as again
            where again.position = complete.position and again.key = old.key
        )
    group by old.position, old.row
)
select
    position,
    row,
    least(replaced_by, withdrawn_by) as gone_by,
    withdrawn_by is not distinct from gone_by as withdrawn,
from replaced
full join withdrawn using (position, row)
where gone_by is not null
