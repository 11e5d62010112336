-- One row is one record of the extract at hand that replaced another one or was replaced.
-- From version.
-- Caveat: $position is the place of the extract in the order in which those of its source hold.
select old_row as wanted_row
from version
where old_position = $position
union
select row
from version
where position = $position
